/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of reports share: findings by what they explain, and terms as text. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

/* ---- Findings ----------------------------------------------------------------------------- */

/* Links each finding to the next one that explains the same; from the last on, so they ascend. */
static void
link_findings(cns_graph_report *report) {
    for (uint32_t i = report->count; i > 0; i--) {
        uint32_t parent = report->findings[i - 1].parent;
        report->next[i - 1] = report->first[parent];
        report->first[parent] = i;
        if (parent == 0) {
            report->counts[report->legend->checks[report->findings[i - 1].check].severity]++;
            report->found++;
        }
    }
}

static bool
has_target(const cns_graph_report *report, uint32_t shape) {
    cns_words targets = report->program->targets;
    for (uint32_t i = 0; i < targets.length; i += CNS_TARGET_WORDS) {
        if (targets.at[i] == shape) {
            return true;
        }
    }
    return false;
}

bool
cns_report_unmatched(const cns_graph_report *report, uint32_t shape) {
    return report->starts[shape] == report->starts[shape + 1] && has_target(report, shape);
}

bool
cns_report_begin(cns_graph_report *report) {
    report->first = calloc((size_t)report->count + 1, sizeof *report->first);
    report->next = calloc((size_t)report->count + 1, sizeof *report->next);
    report->counts = calloc((size_t)report->legend->severity_count + 1, sizeof *report->counts);
    if (report->first == NULL || report->next == NULL || report->counts == NULL) {
        cns_report_end(report);
        return false;
    }
    link_findings(report);
    for (uint32_t shape = 0; shape < cns_program_shapes(report->program); shape++) {
        report->targeted += has_target(report, shape) ? 1 : 0;
    }
    return true;
}

void
cns_report_end(cns_graph_report *report) {
    free(report->first);
    free(report->next);
    free(report->counts);
    free(report->buffer.at);
    report->first = report->next = NULL;
    report->counts = NULL;
    memset(&report->buffer, 0, sizeof report->buffer);
}

/* ---- Text --------------------------------------------------------------------------------- */

static bool
make_room(cns_buffer *buffer, size_t length) {
    if (length <= buffer->capacity - buffer->length) {
        return true;
    }
    size_t grown = 0;
    char *moved = NULL;
    if (length <= SIZE_MAX / 2 - buffer->length) {
        grown = 2 * (buffer->length + length);
        moved = realloc(buffer->at, grown);
    }
    if (moved == NULL) {
        buffer->full = true;
        return false;
    }
    buffer->at = moved;
    buffer->capacity = grown;
    return true;
}

void
cns_put_bytes(cns_buffer *buffer, const char *text, size_t length) {
    if (length > 0 && make_room(buffer, length)) {
        memcpy(buffer->at + buffer->length, text, length);
        buffer->length += length;
    }
}

void
cns_put_text(cns_buffer *buffer, const char *text) {
    cns_put_bytes(buffer, text, strlen(text));
}

/* ---- Terms -------------------------------------------------------------------------------- */

/* The escape of a character in a string, or NULL; `code` has space for one. */
static const char *
escape_in_string(unsigned char c, char code[8]) {
    switch (c) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    default:
        break;
    }
    if (c >= 0x20 && c != 0x7F) {
        return NULL;
    }
    (void)snprintf(code, 8, "\\u%04X", c);
    return code;
}

static const char *
escape_in_iri(unsigned char c, char code[8]) {
    if (c > 0x20 && strchr("<>\"{}|^`\\", c) == NULL) {
        return NULL;
    }
    (void)snprintf(code, 8, "\\u%04X", c);
    return code;
}

/* Puts text, with an escape in the place of each character that has one. */
static void
put_escaped(cns_buffer *buffer, cns_str text,
            const char *(*escape)(unsigned char c, char code[8])) {
    char code[8];
    uint32_t start = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        const char *instead = escape((unsigned char)text.data[i], code);
        if (instead != NULL) {
            cns_put_bytes(buffer, text.data + start, i - start);
            cns_put_text(buffer, instead);
            start = i + 1;
        }
    }
    cns_put_bytes(buffer, text.data + start, text.length - start);
}

void
cns_put_quoted(cns_buffer *buffer, cns_str text) {
    cns_put_text(buffer, "\"");
    put_escaped(buffer, text, escape_in_string);
    cns_put_text(buffer, "\"");
}

static bool
is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether text may stand behind a prefix as it is: letters and digits, and - inside. */
static bool
is_local_name(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bool inside = i > 0 && i + 1 < length;
        if (!is_letter_or_digit(text[i]) && !(inside && text[i] == '-')) {
            return false;
        }
    }
    return length > 0;
}

static bool
put_shortened(cns_graph_report *report, cns_str iri) {
    const cns_legend *legend = report->legend;
    for (uint32_t i = 0; i < legend->prefix_count; i++) {
        const char *start = legend->prefixes[i].iri;
        size_t length = strlen(start);
        if (iri.length > length && memcmp(iri.data, start, length) == 0 &&
            is_local_name(iri.data + length, iri.length - length)) {
            cns_put_text(&report->buffer, legend->prefixes[i].prefix);
            cns_put_text(&report->buffer, ":");
            cns_put_bytes(&report->buffer, iri.data + length, iri.length - length);
            return true;
        }
    }
    return false;
}

void
cns_put_iri(cns_graph_report *report, cns_str iri, bool shortened) {
    if (!shortened || !put_shortened(report, iri)) {
        cns_put_text(&report->buffer, "<");
        put_escaped(&report->buffer, iri, escape_in_iri);
        cns_put_text(&report->buffer, ">");
    }
}

/* Whether a label begins with f, digits and -, or with shape-: labels of reports do. */
static bool
is_taken(cns_str label) {
    static const char shape[] = "shape-";
    uint32_t i = 1;
    while (i < label.length && label.data[i] >= '0' && label.data[i] <= '9') {
        i++;
    }
    bool numbered = label.length > 2 && label.data[0] == 'f' && i > 1 && i < label.length &&
                    label.data[i] == '-';
    return numbered ||
           (label.length >= sizeof shape - 1 && memcmp(label.data, shape, sizeof shape - 1) == 0);
}

/* Labels are of one file: those of the first keep theirs. */
static void
put_label(cns_graph_report *report, uint32_t scope, cns_str label) {
    cns_put_text(&report->buffer, "_:");
    if (scope == 0) {
        cns_put_text(&report->buffer, "shape-");
    } else if (scope > 1 || is_taken(label)) {
        char mark[16];
        (void)snprintf(mark, sizeof mark, "f%u-", (unsigned)scope);
        cns_put_text(&report->buffer, mark);
    }
    for (uint32_t i = 0; i < label.length; i++) { /* Turtle does not take a colon */
        cns_put_bytes(&report->buffer, label.data[i] == ':' ? "_" : label.data + i, 1);
    }
}

void
cns_put_term(cns_graph_report *report, uint32_t term, bool shortened) {
    const cns_entry *entries = report->graph->terms.entries;
    const cns_entry *entry = &entries[term];
    const cns_str text = {entry->text, entry->length};
    if (entry->kind == CNS_KIND_IRI) {
        cns_put_iri(report, text, shortened);
    } else if (entry->kind == CNS_KIND_BLANK) {
        put_label(report, entry->datatype, text);
    } else {
        cns_put_quoted(&report->buffer, text);
        if (entry->language != 0) {
            cns_put_text(&report->buffer, "@");
            cns_put_bytes(&report->buffer, entries[entry->language].text,
                          entries[entry->language].length);
        } else if (entry->datatype != CNS_TERM_STRING) {
            const cns_entry *datatype = &entries[entry->datatype];
            const cns_str iri = {datatype->text, datatype->length};
            cns_put_text(&report->buffer, "^^");
            cns_put_iri(report, iri, shortened);
        }
    }
}
