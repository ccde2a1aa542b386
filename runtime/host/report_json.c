/* SPDX-License-Identifier: Apache-2.0 */
/* Reports in JSON: the object that docs/validator.md describes, a result a line. */
#include "report.h"

#include <string.h>

/* Writes the buffer as a string of JSON, and empties it. */
static void
flush_string(cns_graph_report *report) {
    const cns_buffer *buffer = &report->buffer;
    (void)fputc('"', report->to);
    for (size_t i = 0; i < buffer->length; i++) {
        unsigned char c = (unsigned char)buffer->at[i];
        if (c == '"' || c == '\\') {
            (void)fputc('\\', report->to);
        }
        if (c < 0x20) {
            (void)fprintf(report->to, "\\u%04x", c);
        } else {
            (void)fputc(c, report->to);
        }
    }
    (void)fputc('"', report->to);
    report->buffer.length = 0;
}

/* An IRI as it is, anything else as in N-Triples. */
static void
write_term(cns_graph_report *report, uint32_t term) {
    const cns_entry *entry = &report->graph->terms.entries[term];
    if (term == 0) {
        (void)fputs("null", report->to);
        return;
    }
    if (entry->kind == CNS_KIND_IRI) {
        cns_put_bytes(&report->buffer, entry->text, entry->length);
    } else {
        cns_put_term(report, term, false);
    }
    flush_string(report);
}

/* Opens a result, up to where its details go. */
static void
open_result(cns_graph_report *report, const cns_finding *finding) {
    const cns_legend_check *check = &report->legend->checks[finding->check];
    (void)fputs("{\"focusNode\": ", report->to);
    write_term(report, finding->focus);
    (void)fputs(", \"resultPath\": ", report->to);
    if (finding->path != 0) {
        write_term(report, finding->path);
    } else {
        (void)fputs(check->json_path, report->to);
    }
    (void)fputs(", \"value\": ", report->to);
    write_term(report, finding->value);
    (void)fputs(check->json, report->to);
}

/* Writes a result and all that explains it: down to the first detail, on to the next, up again. */
static void
write_result(cns_graph_report *report, uint32_t top) {
    uint32_t at = top;
    for (;;) {
        open_result(report, &report->findings[at]);
        uint32_t down = report->first[at + 1];
        if (down != 0) {
            (void)fputs(", \"details\": [", report->to);
            at = down - 1;
            continue;
        }
        (void)fputs("}", report->to);
        while (at != top && report->next[at] == 0) {
            at = report->findings[at].parent - 1;
            (void)fputs("]}", report->to);
        }
        if (at == top) {
            return;
        }
        (void)fputs(", ", report->to);
        at = report->next[at] - 1;
    }
}

static void
write_results(cns_graph_report *report) {
    uint64_t written = 0;
    for (uint32_t at = report->first[0]; at != 0 && written < report->most;
         at = report->next[at - 1]) {
        (void)fputs(written == 0 ? "\n" : ",\n", report->to);
        write_result(report, at - 1);
        written++;
    }
    (void)fputs(written == 0 ? "]" : "\n]", report->to);
}

static void
write_unmatched(cns_graph_report *report) {
    const char *separator = "";
    for (uint32_t shape = 0; shape < cns_program_shapes(report->program); shape++) {
        if (cns_report_unmatched(report, shape)) {
            (void)fprintf(report->to, "%s%s", separator, report->legend->shapes[shape].json);
            separator = ", ";
        }
    }
}

static void
write_unsupported(cns_graph_report *report) {
    for (uint32_t i = 0; i < report->legend->waiver_count; i++) {
        (void)fprintf(report->to, "%s%s", i == 0 ? "" : ", ", report->legend->waivers[i].json);
    }
}

static void
write_statistics(cns_graph_report *report) {
    (void)fprintf(report->to,
                  "\"statistics\": {\"triples\": %llu, \"terms\": %u, \"shapes\": %u, "
                  "\"focus_nodes\": %llu, \"checks\": %llu, \"read_seconds\": %.6f, "
                  "\"seconds\": %.6f, \"inferred\": %llu, \"infer_seconds\": %.6f}",
                  (unsigned long long)report->triples, (unsigned)report->graph->terms.count,
                  (unsigned)report->targeted, (unsigned long long)report->focus_nodes,
                  (unsigned long long)report->checked, report->read_seconds, report->seconds,
                  (unsigned long long)report->inferred, report->infer_seconds);
}

void
cns_report_json(cns_graph_report *report) {
    (void)fprintf(report->to, "{\n\"conforms\": %s,\n\"results\": [",
                  report->found == 0 ? "true" : "false");
    write_results(report);
    (void)fprintf(report->to, ",\n\"found\": %llu,\n\"unsupported\": [",
                  (unsigned long long)report->found);
    write_unsupported(report);
    (void)fputs("],\n\"unmatched\": [", report->to);
    write_unmatched(report);
    (void)fprintf(report->to, "],\n\"skipped\": %llu,\n", (unsigned long long)report->skipped);
    write_statistics(report);
    (void)fputs("\n}\n", report->to);
}
