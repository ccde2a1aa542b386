/* SPDX-License-Identifier: Apache-2.0 */
/* Reports for people: results by shape and constraint, counted, with some examples of each. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST = 200 /* characters of a value that are shown */
};

static const char ellipsis[] = " \xE2\x80\xA6 ";

/* ---- Terms -------------------------------------------------------------------------------- */

typedef struct range {
    uint32_t first, last;
} range;

/* Characters that move the cursor, hide or look like a space. */
static bool
is_hidden(uint32_t c) {
    static const range hidden[] = {
        {0x00, 0x1F},     {0x7F, 0xA0},        {0xAD, 0xAD},     {0x600, 0x605},
        {0x61C, 0x61C},   {0x180E, 0x180E},    {0x2000, 0x200F}, {0x2028, 0x202F},
        {0x205F, 0x206F}, {0x3000, 0x3000},    {0xE000, 0xF8FF}, {0xFEFF, 0xFEFF},
        {0xFFF0, 0xFFFB}, {0xE0000, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        if (c >= hidden[i].first && c <= hidden[i].last) {
            return true;
        }
    }
    return false;
}

static uint32_t
code_point(const char *data, uint32_t length) {
    unsigned char lead = (unsigned char)data[0];
    uint32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (uint32_t i = 1; i < length; i++) {
        c = c << 6 | ((unsigned char)data[i] & 0x3Fu);
    }
    return c;
}

/* Writes a character, or its escape where it would not be seen; returns its bytes. */
static uint32_t
write_character(FILE *to, const char *data, uint32_t available) {
    uint32_t length = cns_character_length(data, available);
    uint32_t c = length == 0 ? (unsigned char)data[0] : code_point(data, length);
    if (length == 0 || (is_hidden(c) && c < 0x100)) {
        (void)fprintf(to, "\\x%02x", (unsigned)c);
    } else if (is_hidden(c)) {
        (void)fprintf(to, c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
    } else {
        (void)fwrite(data, 1, length, to);
    }
    return length == 0 ? 1 : length;
}

static size_t
count_characters(const cns_buffer *buffer) {
    size_t count = 0;
    for (size_t i = 0; i < buffer->length; i++) {
        count += ((unsigned char)buffer->at[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

/* Writes the buffer, without the middle of what is very long, and empties it. */
static void
flush_clean(cns_graph_report *report) {
    const cns_buffer *buffer = &report->buffer;
    size_t count = count_characters(buffer), number = 0;
    for (size_t at = 0; at < buffer->length; number++) {
        size_t left = buffer->length - at;
        uint32_t available = left < 4 ? (uint32_t)left : 4;
        if (count <= LONGEST || number < LONGEST / 2 || number >= count - LONGEST / 2) {
            at += write_character(report->to, buffer->at + at, available);
        } else {
            uint32_t length = cns_character_length(buffer->at + at, available);
            (void)(number == LONGEST / 2 ? fputs(ellipsis, report->to) : 0);
            at += length == 0 ? 1 : length;
        }
    }
    report->buffer.length = 0;
}

static size_t
count_digits(const char *text, size_t length) {
    size_t count = 0;
    while (count < length && text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

/* Whether a lexical form says by itself that it is an integer, or a decimal. */
static bool
is_number(cns_str text, bool decimal) {
    size_t at = text.length > 0 && (text.data[0] == '+' || text.data[0] == '-') ? 1 : 0;
    size_t whole = count_digits(text.data + at, text.length - at);
    at += whole;
    if (!decimal) {
        return whole > 0 && at == text.length;
    }
    bool point = at < text.length && text.data[at] == '.';
    return point && at + 1 < text.length &&
           count_digits(text.data + at + 1, text.length - at - 1) == text.length - at - 1;
}

/* Whether people write a literal without quotes. */
static bool
is_bare(const cns_graph_report *report, const cns_entry *entry) {
    const cns_entry *datatype = &report->graph->terms.entries[entry->datatype];
    const cns_str iri = {datatype->text, datatype->length};
    const cns_str text = {entry->text, entry->length};
    switch (cns_datatype_named(iri)) {
    case CNS_DATATYPE_BOOLEAN:
        return (text.length == 4 && memcmp(text.data, "true", 4) == 0) ||
               (text.length == 5 && memcmp(text.data, "false", 5) == 0);
    case CNS_DATATYPE_INTEGER:
        return is_number(text, false);
    case CNS_DATATYPE_DECIMAL:
        return is_number(text, true);
    default:
        return false;
    }
}

static void
write_term(cns_graph_report *report, uint32_t term) {
    const cns_entry *entry = &report->graph->terms.entries[term];
    if (entry->kind == CNS_KIND_LITERAL && entry->language == 0 && is_bare(report, entry)) {
        cns_put_bytes(&report->buffer, entry->text, entry->length);
    } else {
        cns_put_term(report, term, true);
    }
    flush_clean(report);
}

/* ---- Results ------------------------------------------------------------------------------ */

static void
write_indent(cns_graph_report *report, uint32_t depth) {
    for (uint32_t i = 0; i < depth; i++) {
        (void)fputs("  ", report->to);
    }
}

/* sh:minCount at ex:name */
static void
write_constraint(cns_graph_report *report, const cns_finding *finding) {
    const cns_legend_check *check = &report->legend->checks[finding->check];
    (void)fputs(check->name, report->to);
    if (finding->path != 0) {
        (void)fputs(" at ", report->to);
        cns_put_term(report, finding->path, true);
        flush_clean(report);
    } else if (check->path != NULL) {
        (void)fprintf(report->to, " at %s", check->path);
    }
}

/* ex:alice has 5: what is wrong */
static void
write_line(cns_graph_report *report, const cns_finding *finding, uint32_t depth) {
    write_indent(report, depth);
    write_term(report, finding->focus);
    if (finding->value != 0 && finding->value != finding->focus) {
        (void)fputs(" has ", report->to);
        write_term(report, finding->value);
    }
    (void)fprintf(report->to, ": %s\n", report->legend->checks[finding->check].message);
}

/* Writes a result and all that explains it, each below its own constraint. */
static void
write_result(cns_graph_report *report, uint32_t top) {
    const cns_finding *findings = report->findings;
    uint32_t at = top, depth = 2;
    write_line(report, &findings[top], depth);
    for (;;) {
        uint32_t down = report->first[at + 1];
        if (down != 0) {
            depth += 2;
            at = down - 1;
        } else {
            while (at != top && report->next[at] == 0) {
                at = findings[at].parent - 1;
                depth -= 2;
            }
            if (at == top) {
                return;
            }
            at = report->next[at] - 1;
        }
        write_indent(report, depth - 1);
        write_constraint(report, &findings[at]);
        (void)fprintf(report->to, "%s\n", report->legend->checks[findings[at].check].place);
        write_line(report, &findings[at], depth);
    }
}

/* ---- Groups ------------------------------------------------------------------------------- */

/* A result by what it is grouped with: the constraint, and the predicate of a closed shape. */
typedef struct member {
    uint32_t group;
    uint32_t path;
    uint32_t finding;
    uint32_t first; /* of the group */
} member;

static int
compare_numbers(uint32_t a, uint32_t b) {
    return a < b ? -1 : a > b;
}

static int
compare_groups(const void *a, const void *b) {
    const member *x = a, *y = b;
    int order = compare_numbers(x->group, y->group);
    order = order != 0 ? order : compare_numbers(x->path, y->path);
    return order != 0 ? order : compare_numbers(x->finding, y->finding);
}

static int
compare_firsts(const void *a, const void *b) {
    const member *x = a, *y = b;
    int order = compare_numbers(x->first, y->first);
    return order != 0 ? order : compare_numbers(x->finding, y->finding);
}

static bool
in_group(const member *a, const member *b) {
    return a->group == b->group && a->path == b->path;
}

/* Brings the results of a shape into groups, in the order in which these begin. */
static void
order_members(member *members, size_t count) {
    qsort(members, count, sizeof *members, compare_groups);
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && in_group(&members[i], &members[i - 1]);
        members[i].first = same ? members[i - 1].first : members[i].finding;
    }
    qsort(members, count, sizeof *members, compare_firsts);
}

/* 3 violations */
static void
write_count(cns_graph_report *report, uint64_t count, uint32_t severity) {
    const cns_legend_severity *text = &report->legend->severities[severity];
    (void)fprintf(report->to, "%llu %s", (unsigned long long)count,
                  count == 1 ? text->one : text->several);
}

static void
write_group(cns_graph_report *report, const member *members, size_t count) {
    const cns_finding *finding = &report->findings[members[0].finding];
    const cns_legend_check *check = &report->legend->checks[finding->check];
    (void)fputs("  ", report->to);
    write_constraint(report, finding);
    (void)fputs(": ", report->to);
    write_count(report, count, check->severity);
    (void)fprintf(report->to, "%s\n", check->place);
    for (size_t i = 0; i < count && i < report->most; i++) {
        write_result(report, members[i].finding);
    }
    if (count > report->most) {
        (void)fprintf(report->to, "    \xE2\x80\xA6 %llu more\n",
                      (unsigned long long)(count - report->most));
    }
}

static void
write_shape_name(cns_graph_report *report, uint32_t shape) {
    const cns_legend_shape *text = &report->legend->shapes[shape];
    if (text->name != NULL) {
        (void)fputs(text->name, report->to);
    } else if (text->path != NULL) {
        (void)fprintf(report->to, "a shape of %s", text->path);
    } else {
        (void)fputs("a shape", report->to);
    }
}

static void
write_shape(cns_graph_report *report, member *members, size_t count) {
    uint32_t check = report->findings[members[0].finding].check;
    write_shape_name(report, report->program->checks.at[check]);
    (void)fputs("\n", report->to);
    order_members(members, count);
    for (size_t i = 0, end = 0; i < count; i = end) {
        while (end < count && in_group(&members[i], &members[end])) {
            end++;
        }
        write_group(report, members + i, end - i);
    }
    (void)fputs("\n", report->to);
}

static void
write_shapes(cns_graph_report *report) {
    member *members = malloc(((size_t)report->found + 1) * sizeof *members);
    if (members == NULL) {
        report->buffer.full = true;
        return;
    }
    const uint32_t *shape_of = report->program->checks.at;
    for (uint32_t at = report->first[0]; at != 0;) {
        uint32_t shape = shape_of[report->findings[at - 1].check];
        size_t count = 0;
        for (; at != 0 && shape_of[report->findings[at - 1].check] == shape;
             at = report->next[at - 1]) {
            const cns_finding *finding = &report->findings[at - 1];
            const member one = {report->legend->checks[finding->check].group, finding->path,
                                at - 1, 0};
            members[count++] = one;
        }
        write_shape(report, members, count);
    }
    free(members);
}

/* ---- Reports ------------------------------------------------------------------------------ */

static void
write_left_out(cns_graph_report *report) {
    bool any = report->skipped > 0 || report->legend->waiver_count > 0;
    for (uint32_t shape = 0; shape < cns_program_shapes(report->program); shape++) {
        if (cns_report_unmatched(report, shape)) {
            const char *name = report->legend->shapes[shape].name;
            (void)fprintf(report->to, "%s matched no target\n", name != NULL ? name : "a shape");
            any = true;
        }
    }
    for (uint32_t i = 0; i < report->legend->waiver_count; i++) {
        (void)fprintf(report->to, "%s\n", report->legend->waivers[i].text);
    }
    if (report->skipped > 0) {
        (void)fprintf(report->to, "%llu malformed line%s left out (--lenient)\n",
                      (unsigned long long)report->skipped, report->skipped == 1 ? "" : "s");
    }
    (void)fputs(any ? "\n" : "", report->to);
}

static void
write_summary(cns_graph_report *report) {
    const char *separator = "does not conform: ";
    for (uint32_t i = 0; i < report->legend->severity_count; i++) {
        if (report->counts[i] > 0) {
            (void)fputs(separator, report->to);
            write_count(report, report->counts[i], i);
            separator = ", ";
        }
    }
    (void)fputs(report->found == 0 ? "conforms\n" : "\n", report->to);
}

static void
write_plural(cns_graph_report *report, uint64_t count, const char *noun, const char *end) {
    (void)fprintf(report->to, "%llu %s%s%s", (unsigned long long)count, noun,
                  count == 1 ? "" : "s", end);
}

void
cns_report_text(cns_graph_report *report) {
    write_shapes(report);
    write_left_out(report);
    write_summary(report);
    write_plural(report, report->targeted, "shape", ", ");
    write_plural(report, report->focus_nodes, "focus node", ", ");
    write_plural(report, report->checked, "check", ", ");
    write_plural(report, report->triples, "triple", report->inferred == 0 ? "; " : ", ");
    if (report->inferred > 0) {
        (void)fprintf(report->to, "%llu inferred; ", (unsigned long long)report->inferred);
    }
    (void)fprintf(report->to, "read in %.2f s, validated in %.2f s\n", report->read_seconds,
                  report->seconds);
}
