/* SPDX-License-Identifier: Apache-2.0 */
/* The main function of stand-alone validators: docs/validator.md describes what they do. */
#ifndef CNS_HOST_VALIDATOR_H
#define CNS_HOST_VALIDATOR_H

#include "native.h"

/* Exit status: 0 for nothing to fail on, 1 for results as severe as --fail-on, 2 for errors. */
int cns_validator_main(const cns_validator *validator, int argc, char **argv);

#endif
