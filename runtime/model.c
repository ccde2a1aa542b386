/* SPDX-License-Identifier: Apache-2.0 */
/* Models: what their checks say, from the tables of generated code or from an image. */
#include "image.h"

const cns_value_layout cns_class_layout = {
    {CNS_FORM_ID, CNS_NODE, 0, 0, NULL}, sizeof(uint32_t), 0, CNS_NO_RECORD, 0, CNS_NODE};

static const cns_type no_value = {CNS_FORM_ABSENT, CNS_NONE, 0, 0, NULL};
static const cns_type focus_node = {CNS_FORM_FOCUS, CNS_NONE, 0, 0, NULL};

/* How a value of a type in CHECKS is read. */
static const cns_type *
type_in_image(const cns_image *image, uint32_t type) {
    if (type < image->layout->value_count) {
        return &image->layout->values[type].type;
    }
    if (type == CNS_TYPE_CLASS) {
        return &cns_class_layout.type;
    }
    return type == CNS_TYPE_FOCUS ? &focus_node : &no_value;
}

/* The words of a check: TEXTS begins with where each of its three strings lies. */
static cns_check_text
text_in_image(const cns_image *image, uint16_t check) {
    cns_check_text text = {NULL, NULL, NULL};
    if (image->texts.length != 0) {
        const char *strings = (const char *)(image->words + image->texts.start);
        uint32_t row = 3u * check;
        text.shape = strings + cns_word_of(image, image->texts, row);
        text.path = strings + cns_word_of(image, image->texts, row + 1);
        text.message = strings + cns_word_of(image, image->texts, row + 2);
    }
    return text;
}

static cns_check_info
check_in_image(const cns_image *image, uint16_t check) {
    uint32_t row = cns_word_of(image, image->checks, check);
    cns_check_info info = {(uint8_t)row, (uint8_t)(row >> 8), type_in_image(image, row >> 16),
                           text_in_image(image, check)};
    return info;
}

cns_check_info
cns_model_check(const cns_model *model, uint16_t check) {
    cns_check_info info = {CNS_COMPONENT_COUNT, CNS_OTHER_SEVERITY, &no_value, {NULL, NULL, NULL}};
    if (check >= model->check_count) {
        return info;
    }
    if (model->image != NULL) {
        return check_in_image(model->image, check);
    }
    const cns_check *row = &model->checks[check];
    info.component = row->component;
    info.severity = row->severity;
    info.type = row->type < model->type_count ? &model->types[row->type] : &no_value;
    if (model->texts != NULL) {
        info.text = model->texts[check];
    }
    return info;
}
