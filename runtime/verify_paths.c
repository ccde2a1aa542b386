/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's part for paths: where they lead, and to how many values at most. */
#include <cns/cns.h>

#include "image.h"
#include "verify.h"

enum {
    MOST_BRANCHES = 64
};

static uint32_t
path_word(const cns_image *image, uint32_t path, uint32_t index) {
    return cns_word_of(image, image->paths, cns_word_of(image, image->paths, 1 + path) + index);
}

/* To the members of a list, or to the values of a field, of a node that may be behind a value. */
static cns_reason
follow_step(const cns_layout *layout, uint32_t step, cns_reach *to) {
    const cns_value_layout *value = cns_value_of_type(layout, to->type);
    if (step == CNS_STEP_ITEMS) {
        DEMAND(cns_has_form(value, CNS_FORM_LIST), REGISTER);
        to->type = value->inner;
        to->values = cns_steps_times(to->values, value->capacity);
        return CNS_REASON_ACCEPTED;
    }
    if (step == CNS_STEP_CLASS) {
        bool described = cns_described_by(layout, to->type) != CNS_TYPE_ABSENT;
        DEMAND(described || cns_has_class(layout, to->type), REGISTER);
        to->type = CNS_TYPE_CLASS;
        return CNS_REASON_ACCEPTED;
    }
    const cns_record_layout *record =
        cns_record_of_type(layout, value != NULL ? cns_described_by(layout, to->type) : to->type);
    DEMAND(record != NULL, REGISTER);
    DEMAND(step < record->field_count && record->fields[step].capacity > 0, SLOT);
    to->type = record->fields[step].value;
    to->values = cns_steps_times(to->values, record->fields[step].capacity);
    return CNS_REASON_ACCEPTED;
}

cns_reason
cns_follow_path(const cns_image *image, uint32_t type, uint32_t path, cns_reach *to) {
    uint32_t steps = path_word(image, path, 0);
    DEMAND(steps > 0 && steps <= CNS_PATH_STEPS, CONSTANT);
    *to = (cns_reach){(uint16_t)type, 1};
    for (uint32_t i = 0; i < steps; i++) {
        TRY(follow_step(image->layout, path_word(image, path, 1 + i), to));
    }
    return CNS_REASON_ACCEPTED;
}

cns_reason
cns_follow_branches(const cns_image *image, uint32_t type, uint32_t list, uint32_t *values) {
    uint32_t branches = path_word(image, list, 0);
    DEMAND(branches > 0 && branches <= MOST_BRANCHES, CONSTANT);
    *values = 0;
    for (uint32_t i = 0; i < branches; i++) {
        uint32_t path = path_word(image, list, 1 + i);
        cns_reach to;
        DEMAND(path < cns_path_count(image), CONSTANT);
        TRY(cns_follow_path(image, type, path, &to));
        DEMAND(cns_has_language(cns_value_of_type(image->layout, to.type)), REGISTER);
        *values = cns_steps_add(*values, to.values);
    }
    return CNS_REASON_ACCEPTED;
}
