/* SPDX-License-Identifier: Apache-2.0 */
/* What each processor's entry code jumps to. */
#ifndef START_H
#define START_H

/* Prepares memory for C, runs main, and exits with its result. Needs a valid stack pointer. */
_Noreturn void start(void);

#endif
