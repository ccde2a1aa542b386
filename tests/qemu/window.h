/* SPDX-License-Identifier: Apache-2.0 */
/* Marks the window of a program whose executed instructions count.c counts. */
#ifndef WINDOW_H
#define WINDOW_H

/* Starts a window. */
void window_begin(void);

/* Ends the window. One that is empty counts 1 instruction: the call of this function. */
void window_end(void);

#endif
