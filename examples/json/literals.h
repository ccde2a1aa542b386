/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of literals to values; each returns false where the text is of no such value. */
#ifndef LITERALS_H
#define LITERALS_H

#include <cns/cns.h>

bool read_integer(cns_str text, int64_t *value);
bool read_natural(cns_str text, uint64_t *value);

/* Also INF, -INF and NaN. */
bool read_real(cns_str text, double *value);

/* At most 18 digits; also with an exponent, as JSON has it. */
bool read_decimal(cns_str text, cns_decimal *value);

/* 2024-02-29T12:00:00.5+01:00, where `datatype` is CNS_DATE without the time; years 1 to 9999. */
bool read_datetime(cns_str text, cns_tag datatype, cns_datetime *value);

#endif
