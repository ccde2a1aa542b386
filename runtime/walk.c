/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks: what is asked of all values of a field or a path, one compared with others.
 *
 * A walk keeps its place on each step of the path: how many values are left there, and where the
 * one lies at which it stands.
 */
#include "operands.h"

typedef struct level {
    const unsigned char *at;
    const cns_value_layout *value;
    uint32_t left; /* values at and behind `at` */
} level;

typedef struct path_walk {
    const cns_image *image;
    uint32_t path; /* of its first step, in the section of paths */
    uint32_t steps;
    uint32_t depth; /* levels that are open */
    level levels[CNS_PATH_STEPS];
} path_walk;

/* The values of one step from a record or list, or from a node whose class is asked. */
static level
open_level(const path_walk *on, const cns_register *base, uint32_t step) {
    const cns_layout *layout = on->image->layout;
    level opened = {base->at, &cns_class_layout, 0};
    if (step == CNS_STEP_ITEMS) {
        opened.left = *(const uint16_t *)base->at;
        opened.at += base->as.value->offset;
        opened.value = &layout->values[base->as.value->inner];
    } else if (step == CNS_STEP_CLASS) {
        const uint32_t *class_id = cns_holds_record(layout, base)
                                       ? cns_class_place(base->as.record, base->at)
                                       : &((const cns_ref *)base->at)->class_id;
        opened.left = *class_id != 0 ? 1 : 0;
        opened.at = (const unsigned char *)class_id;
    } else {
        const cns_field_layout *field = &base->as.record->fields[step];
        opened.left = cns_field_count(base->as.record, field, base->at);
        opened.at += field->capacity == 0 ? 0 : field->offset;
        opened.value = &layout->values[field->value];
    }
    return opened;
}

static uint32_t
step_of(const path_walk *on, uint32_t number) {
    return cns_word_of(on->image, on->image->paths, on->path + number);
}

/* What the next step begins at: the value itself, or the record that describes it. */
static cns_register
base_of(const path_walk *on, uint32_t step) {
    const level *from = &on->levels[on->depth - 1];
    const cns_layout *layout = on->image->layout;
    cns_register base;
    base.at = from->at;
    base.as.value = from->value;
    base.n.number = 0;
    bool itself = step == CNS_STEP_ITEMS ||
                  (step == CNS_STEP_CLASS && from->value->type.form == CNS_FORM_REF);
    if (!itself) {
        const cns_place place = {from->at, from->value};
        base.at = cns_record_behind(layout, place);
        base.as.record = &layout->records[from->value->inner];
    }
    return base;
}

/* Goes on from the level that is open to the next value at the end of the path. */
static bool
settle(path_walk *on) {
    while (on->depth > 0) {
        level *last = &on->levels[on->depth - 1];
        if (last->left == 0) {
            on->depth--;
            if (on->depth > 0) {
                level *above = &on->levels[on->depth - 1];
                above->left--;
                above->at += above->value->size;
            }
        } else if (on->depth == on->steps) {
            return true;
        } else {
            uint32_t step = step_of(on, on->depth);
            const cns_register base = base_of(on, step);
            on->levels[on->depth] = open_level(on, &base, step);
            on->depth++;
        }
    }
    return false;
}

/* Stands at the first value of a path; false if there is none. */
static bool
begin_walk(path_walk *on, const cns_image *image, const cns_register *base, uint32_t path) {
    uint32_t at = cns_word_of(image, image->paths, 1 + path);
    on->image = image;
    on->path = at + 1;
    on->steps = cns_word_of(image, image->paths, at);
    on->levels[0] = open_level(on, base, step_of(on, 0));
    on->depth = 1;
    return settle(on);
}

static bool
next_of_walk(path_walk *on) {
    level *last = &on->levels[on->depth - 1];
    last->left--;
    last->at += last->value->size;
    return settle(on);
}

static cns_place
place_of(const path_walk *on) {
    const level *last = &on->levels[on->depth - 1];
    const cns_place place = {last->at, last->value};
    return place;
}

/* ---- Equal values ------------------------------------------------------------------------- */

bool
cns_is_first(const cns_image *image, const cns_register *cursor, uint32_t *steps) {
    const cns_value_layout *value = cursor->as.value;
    const unsigned char *before = cursor->at;
    *steps += cursor->n.of.index;
    for (uint32_t left = cursor->n.of.index; left > 0; left--) {
        before -= value->size;
        if (cns_place_same(image, value, before, cursor->at)) {
            return false;
        }
    }
    return true;
}

bool
cns_is_first_of(const cns_image *image, const cns_register *base, const cns_register *position,
                uint32_t path, uint32_t *steps) {
    const cns_register *held = position + 1;
    path_walk on;
    bool more = begin_walk(&on, image, base, path);
    for (uint32_t left = position->n.number; more && left > 0; left--) {
        cns_place place = place_of(&on);
        ++*steps;
        if (cns_place_same(image, place.value, place.at, held->at)) {
            return false;
        }
        more = next_of_walk(&on);
    }
    return true;
}

/* ---- Languages ---------------------------------------------------------------------------- */

/* All values of several paths, as one sequence. */
typedef struct branches {
    const cns_image *image;
    const cns_register *base;
    uint32_t at;   /* of the number of the next path, in the section of paths */
    uint32_t left; /* paths that are not begun */
    path_walk current;
} branches;

/* Stands at the next value there is, after those of the current path; false behind the last. */
static bool
begin_next(branches *all) {
    while (all->left > 0) {
        uint32_t path = cns_word_of(all->image, all->image->paths, all->at);
        all->at++;
        all->left--;
        if (begin_walk(&all->current, all->image, all->base, path)) {
            return true;
        }
    }
    return false;
}

static bool
begin_branches(branches *all, const cns_image *image, const cns_register *base, uint32_t number) {
    all->image = image;
    all->base = base;
    all->at = cns_word_of(image, image->paths, 1 + number) + 1;
    all->left = cns_word_of(image, image->paths, all->at - 1);
    return begin_next(all);
}

static bool
next_of_branches(branches *all) {
    return next_of_walk(&all->current) || begin_next(all);
}

/* Whether the value of a number is the second one with another text in its language. */
static bool
is_second(const cns_image *image, const cns_register *base, uint32_t number, uint32_t position,
          cns_langstr held, uint32_t *steps) {
    branches all;
    cns_langstr first = {{NULL, 0}, {NULL, 0}};
    bool found = false;
    bool more = begin_branches(&all, image, base, number);
    for (uint32_t left = position; more && left > 0; left--) {
        cns_langstr other = cns_place_language(image, place_of(&all.current));
        ++*steps;
        if (other.language.length != 0 && cns_language_same(other.language, held.language)) {
            if (found && !cns_str_equal(first.text, other.text)) {
                return false;
            }
            first = other;
            found = true;
        }
        more = next_of_branches(&all);
    }
    return found && !cns_str_equal(first.text, held.text);
}

uint32_t
cns_count_languages(const cns_image *image, const cns_register *base, uint32_t number,
                    uint32_t *steps) {
    uint32_t count = 0, position = 0;
    branches all;
    for (bool more = begin_branches(&all, image, base, number); more;
         more = next_of_branches(&all)) {
        cns_langstr held = cns_place_language(image, place_of(&all.current));
        if (held.language.length != 0 && is_second(image, base, number, position, held, steps)) {
            count++;
        }
        position++;
    }
    return count;
}
