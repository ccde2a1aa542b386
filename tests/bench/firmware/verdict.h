/* SPDX-License-Identifier: Apache-2.0 */
/* What main.c asks of the code under test; by_hand.c, generated.c and image.c answer. */
#ifndef VERDICT_H
#define VERDICT_H

#include "message.h"

/* The record that is checked, where a decoder would put it. */
extern message_message verdict_record;

/* Makes ready, once; returns whether that succeeds. */
bool verdict_start(void);

/* Checks the record: this is what is counted. */
void verdict_check(void);

/* Whether the last answer was that exactly these checks failed: bit n for check n of message.ttl,
   as far as the answer says so. */
bool verdict_is(unsigned failed);

#endif
