/* SPDX-License-Identifier: Apache-2.0 */
/* Things and their parts, for images that are optimized and not run. */
#include <cns/cns.h>

static const cns_value_layout values[] = {
    {{CNS_FORM_SCALAR, CNS_INT, 0, 0, NULL}, 4, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_SCALAR, CNS_STRING, 0, 0, NULL}, 16, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_REF, CNS_NONE, 0, 0, NULL}, 16, 0, 1, 0, CNS_TYPED},
};
static const cns_field_layout thing_fields[] = {
    {0, 0, 1, 0, 1},   /* 0: an int */
    {0, 1, 1, 1, 1},   /* 1: a string */
    {0, 2, 1, 2, 1},   /* 2: a reference to a part */
    {0, 100, 1, 0, 4}, /* 3: ints */
    {0, 100, 1, 2, 3}, /* 4: references to parts */
};
static const cns_field_layout part_fields[] = {
    {0, 0, 1, 0, 1},   /* 0: an int */
    {0, 1, 1, 2, 1},   /* 1: a reference to another part */
    {0, 100, 1, 0, 2}, /* 2: ints */
};
static const cns_record_layout records[] = {
    {.field_count = sizeof thing_fields / sizeof *thing_fields, .fields = thing_fields},
    {.field_count = sizeof part_fields / sizeof *part_fields, .fields = part_fields},
};
static const cns_model model = {.name = "test"};
static const cns_layout layout = {
    .model = &model,
    .records = records,
    .values = values,
    .record_count = sizeof records / sizeof *records,
    .value_count = sizeof values / sizeof *values,
    .fingerprint = 0x1A707u,
};
