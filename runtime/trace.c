/* SPDX-License-Identifier: Apache-2.0 */
/* Traces: a ring of what was dispatched and answered. Nothing else in the runtime refers to it. */
#include <cns/cns.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int byte, size_t size);

/*
 * The storage is the dump: words of 32 bits, little-endian on every processor, so that a copy of
 * the memory can be decoded as well as what cns_trace_dump writes. Several numbers in a word are
 * given from its lowest bits to its highest.
 *
 * The header, 8 words:
 *     0  the bytes C N S T
 *     1  version 1: 8 bits; bytes of the header: 8; bytes of an entry: 8; 0: 8
 *     2  the model's fingerprint, for the entries up to the first that names a model
 *     3  capacity: how many slots follow, of which a dump may hold fewer
 *     4  how many slots are in use, from the first one on
 *     5  how many entries were overwritten; stays at 2^32 - 1
 *     6  the sequence number of the next entry, modulo 2^32
 *     7  the slot of the next entry
 *
 * An entry, 8 words:
 *     0  sequence number
 *     1  what it is: 8 bits; then as below
 *   A dispatch (1), written before its handler runs:
 *     1  1 if there was no signal: 8; 0: 16
 *     2  fingerprint    3  kind    4  signal id    5  flags    6, 7  timestamp: 64
 *   A verdict (2), followed by its violations:
 *     1  cns_status: 8; violations that follow: 16
 *     2  fingerprint    3  kind    4  signal id    5  steps
 *     6  truncated: 16; conforms: 1; the kind is known: 1; 0: 14    7  0
 *   A violation (3):
 *     1  cns_tag of its value, CNS_NONE when there is none: 8; check: 16
 *     2  id of the focus node    3  detail_of: 16; its index in the result: 16    4 to 7  value
 *
 * A value:
 *     boolean              its byte
 *     integers             64 bits
 *     float, double        the bits of IEEE 754: 32, 64
 *     decimal              unscaled: 64; scale, two's complement: 32
 *     times                seconds: 64; nanoseconds: 32; zone, two's complement: 32
 *     durations            seconds: 64; months: 32; nanoseconds: 32
 *     nodes                id: 32; id of the class: 32
 *     texts                bytes: 16, 65535 for more; bytes of the language tag, or id of the
 *                          datatype: 16; the text, then the tag, as far as they fit: 12 bytes
 */
enum {
    MAGIC = 0x54534E43,
    FORMAT = 1 | 32 << 8 | 32 << 16,
    HEADER_WORDS = 8,
    ENTRY_WORDS = 8,
    VALUE_BYTES = 12 /* of a text */
};

enum {
    HEADER_MAGIC,
    HEADER_FORMAT,
    HEADER_MODEL,
    HEADER_CAPACITY,
    HEADER_COUNT,
    HEADER_LOST,
    HEADER_SEQUENCE,
    HEADER_SLOT
};

enum {
    ENTRY_DISPATCH = 1,
    ENTRY_VERDICT = 2,
    ENTRY_VIOLATION = 3
};

_Static_assert(CNS_TRACE_WORDS(1) == HEADER_WORDS + ENTRY_WORDS, "the macro knows the layout");
_Static_assert(CNS_TAG_COUNT <= UINT8_MAX, "a tag has 8 bits");

/* Turns a word into its little-endian bytes, and back. */
static uint32_t
little(uint32_t word) {
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    const unsigned char bytes[4] = {(unsigned char)word, (unsigned char)(word >> 8),
                                    (unsigned char)(word >> 16), (unsigned char)(word >> 24)};
    memcpy(&word, bytes, sizeof word);
#endif
    return word;
}

static void
pack_long(uint32_t *words, uint64_t number) {
    words[0] = little((uint32_t)number);
    words[1] = little((uint32_t)(number >> 32));
}

/* ---- Values ------------------------------------------------------------------------------- */

static uint32_t
saturated(uint32_t length) {
    return length < UINT16_MAX ? length : UINT16_MAX;
}

/* Packs text and the tag behind it; `other` is what the word of the length holds besides. */
static void
pack_text(uint32_t *words, cns_str text, cns_str tag, uint32_t other) {
    if (!cns_str_sound(text) || !cns_str_sound(tag)) {
        return;
    }
    unsigned char *bytes = (unsigned char *)(words + 1);
    uint32_t first = text.length < VALUE_BYTES ? text.length : VALUE_BYTES;
    uint32_t room = VALUE_BYTES - first;
    uint32_t second = tag.length < room ? tag.length : room;
    words[0] = little(saturated(text.length) | other << 16);
    if (text.data != NULL) {
        memcpy(bytes, text.data, first);
    }
    if (tag.data != NULL) {
        memcpy(bytes + first, tag.data, second);
    }
}

static void
pack_boolean_member(uint32_t *words, const cns_term *term) {
    words[0] = little(cns_bool_byte(&term->as.boolean));
}

static void
pack_integer_member(uint32_t *words, const cns_term *term) {
    pack_long(words, (uint64_t)term->as.integer);
}

static void
pack_natural_member(uint32_t *words, const cns_term *term) {
    pack_long(words, term->as.natural);
}

static void
pack_single_member(uint32_t *words, const cns_term *term) {
    words[0] = little((uint32_t)cns_natural_at(&term->as.single, sizeof term->as.single));
}

static void
pack_real_member(uint32_t *words, const cns_term *term) {
    pack_long(words, cns_natural_at(&term->as.real, sizeof term->as.real));
}

static void
pack_decimal_member(uint32_t *words, const cns_term *term) {
    pack_long(words, (uint64_t)term->as.decimal.unscaled);
    words[2] = little((uint32_t)term->as.decimal.scale);
}

static void
pack_datetime_member(uint32_t *words, const cns_term *term) {
    pack_long(words, (uint64_t)term->as.datetime.seconds);
    words[2] = little(term->as.datetime.nanoseconds);
    words[3] = little((uint32_t)term->as.datetime.zone);
}

static void
pack_duration_member(uint32_t *words, const cns_term *term) {
    pack_long(words, (uint64_t)term->as.duration.seconds);
    words[2] = little((uint32_t)term->as.duration.months);
    words[3] = little((uint32_t)term->as.duration.nanoseconds);
}

static void
pack_string_member(uint32_t *words, const cns_term *term) {
    pack_text(words, term->as.string, (cns_str){NULL, 0}, 0);
}

static void
pack_term(uint32_t *words, const cns_term *term) {
    switch (term->tag) {
    case CNS_NODE:
        words[0] = little(term->as.node.id);
        words[1] = little(term->as.node.class_id);
        break;
    case CNS_LANG_STRING: {
        cns_langstr value = term->as.langstr;
        pack_text(words, value.text, value.language, saturated(value.language.length));
        break;
    }
    case CNS_TYPED: {
        cns_typed value = term->as.typed;
        pack_text(words, value.lexical, (cns_str){NULL, 0}, saturated(value.datatype));
        break;
    }
#define CNS_X(tag, member, name)                                                                  \
    case CNS_##tag:                                                                               \
        pack_##member##_member(words, term);                                                      \
        break;
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    default: /* no term */
        break;
    }
}

/* ---- Entries ------------------------------------------------------------------------------ */

static bool
names_model(const uint32_t *entry) {
    uint32_t what = little(entry[1]) & UINT8_MAX;
    return what == ENTRY_DISPATCH || what == ENTRY_VERDICT;
}

/* Gives up the oldest entry; its model is that of the entries which follow it. */
static void
drop_entry(uint32_t *header, const uint32_t *entry) {
    uint32_t lost = little(header[HEADER_LOST]);
    header[HEADER_LOST] = little(lost + (lost < UINT32_MAX));
    if (names_model(entry)) {
        header[HEADER_MODEL] = entry[2];
    }
}

/* Returns the next entry, numbered, in the place of the oldest one when all are used. The caller
   writes all other words: clearing them first would cost as much again. */
static uint32_t *
new_entry(cns_trace *trace) {
    uint32_t *header = trace->words;
    uint32_t slot = little(header[HEADER_SLOT]);
    uint32_t count = little(header[HEADER_COUNT]);
    uint32_t *entry = header + HEADER_WORDS + (size_t)slot * ENTRY_WORDS;
    if (count < trace->capacity) {
        header[HEADER_COUNT] = little(count + 1);
    } else {
        drop_entry(header, entry);
    }
    entry[0] = header[HEADER_SEQUENCE];
    header[HEADER_SEQUENCE] = little(little(entry[0]) + 1);
    header[HEADER_SLOT] = little(slot + 1 < trace->capacity ? slot + 1 : 0);
    return entry;
}

static uint32_t
fingerprint(const cns_model *model) {
    return model != NULL ? little(model->fingerprint) : 0;
}

static void
add_dispatch(cns_trace *trace, const cns_model *model, const cns_signal *signal) {
    static const cns_signal none;
    uint32_t *entry = new_entry(trace);
    entry[1] = little(ENTRY_DISPATCH | (uint32_t)(signal == NULL) << 8);
    entry[2] = fingerprint(model);
    signal = signal != NULL ? signal : &none;
    entry[3] = little(signal->kind);
    entry[4] = little(signal->id);
    entry[5] = little(signal->flags);
    pack_long(entry + 6, signal->timestamp);
}

/* Adds a verdict; `signal` is NULL when the kind is not known. */
static void
add_verdict(cns_trace *trace, const cns_model *model, const cns_signal *signal,
            const cns_result *result) {
    uint32_t *entry = new_entry(trace);
    entry[1] =
        little(ENTRY_VERDICT | (uint32_t)result->status << 8 | (uint32_t)result->count << 16);
    entry[2] = fingerprint(model);
    entry[3] = little(signal != NULL ? signal->kind : 0);
    entry[4] = little(result->signal_id);
    entry[5] = little(result->steps);
    entry[6] = little(result->truncated | (uint32_t)result->conforms << 16 |
                      (uint32_t)(signal != NULL) << 17);
    entry[7] = 0;
}

static void
add_violations(cns_trace *trace, const cns_model *model, const cns_result *result) {
    for (uint32_t i = 0; i < result->count; i++) {
        const cns_violation *violation = &result->violations[i];
        cns_term value = cns_violation_value(model, violation);
        uint32_t *entry = new_entry(trace);
        entry[1] =
            little(ENTRY_VIOLATION | (uint32_t)value.tag << 8 | (uint32_t)violation->check << 16);
        entry[2] = little(violation->focus_id);
        entry[3] = little(violation->detail_of | i << 16);
        entry[4] = entry[5] = entry[6] = entry[7] = 0;
        pack_term(entry + 4, &value);
    }
}

/* ---- Traces ------------------------------------------------------------------------------- */

cns_status
cns_trace_init(cns_trace *trace, uint32_t *storage, size_t words) {
    if (trace == NULL || storage == NULL || words < CNS_TRACE_WORDS(1)) {
        return CNS_BAD_ARGUMENT;
    }
    size_t capacity = (words - HEADER_WORDS) / ENTRY_WORDS;
    trace->words = storage;
    trace->capacity = (uint32_t)(capacity < UINT32_MAX ? capacity : UINT32_MAX);
    memset(storage, 0, words * sizeof *storage);
    storage[HEADER_MAGIC] = little(MAGIC);
    storage[HEADER_FORMAT] = little(FORMAT);
    storage[HEADER_CAPACITY] = little(trace->capacity);
    return CNS_OK;
}

cns_status
cns_trace_dispatch(cns_trace *trace, const cns_model *model, const cns_signal *signal,
                   cns_result *result) {
    if (trace == NULL) {
        return cns_dispatch(model, signal, result);
    }
    cns_result nothing;
    cns_result_init(&nothing, NULL, 0);
    add_dispatch(trace, model, signal);
    cns_status status = cns_dispatch(model, signal, result);
    nothing.status = (uint8_t)status;
    const cns_result *answer = result != NULL ? result : &nothing;
    add_verdict(trace, model, signal, answer);
    add_violations(trace, model, answer);
    return status;
}

cns_status
cns_trace_result(cns_trace *trace, const cns_result *result) {
    if (trace == NULL || result == NULL || result->model == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    add_verdict(trace, result->model, NULL, result);
    add_violations(trace, result->model, result);
    return CNS_OK;
}

cns_status
cns_trace_dump(const cns_trace *trace, cns_write write, void *to) {
    if (trace == NULL || write == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    size_t used = little(trace->words[HEADER_COUNT]);
    size_t size = (HEADER_WORDS + used * ENTRY_WORDS) * sizeof *trace->words;
    return write(to, (const char *)trace->words, size) == size ? CNS_OK : CNS_NO_SPACE;
}
