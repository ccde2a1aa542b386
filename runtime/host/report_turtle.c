/* SPDX-License-Identifier: Apache-2.0 */
/* Reports in Turtle: a sh:ValidationReport with its results inside. */
#include "report.h"

static void
flush(cns_graph_report *report) {
    (void)fwrite(report->buffer.at, 1, report->buffer.length, report->to);
    report->buffer.length = 0;
}

static void
write_prefixes(cns_graph_report *report) {
    for (uint32_t i = 0; i < report->legend->prefix_count; i++) {
        const cns_legend_prefix *prefix = &report->legend->prefixes[i];
        const cns_str iri = {prefix->iri, cns_chars_length(prefix->iri, UINT32_MAX)};
        cns_put_text(&report->buffer, "@prefix ");
        cns_put_text(&report->buffer, prefix->prefix);
        cns_put_text(&report->buffer, ": ");
        cns_put_iri(report, iri, false);
        cns_put_text(&report->buffer, " .\n");
    }
}

static void
put_term_of(cns_graph_report *report, const char *property, uint32_t term) {
    cns_put_text(&report->buffer, " ;\n    ");
    cns_put_text(&report->buffer, property);
    cns_put_term(report, term, true);
}

/* Opens a result, up to where its details go. */
static void
open_result(cns_graph_report *report, const cns_finding *finding) {
    const cns_legend_check *check = &report->legend->checks[finding->check];
    cns_put_text(&report->buffer, "[ a sh:ValidationResult");
    put_term_of(report, "sh:focusNode ", finding->focus);
    if (finding->path != 0) {
        put_term_of(report, "sh:resultPath ", finding->path);
    } else if (check->turtle_path != NULL) {
        cns_put_text(&report->buffer, " ;\n    sh:resultPath ");
        cns_put_text(&report->buffer, check->turtle_path);
    }
    if (finding->value != 0) {
        put_term_of(report, "sh:value ", finding->value);
    }
    cns_put_text(&report->buffer, check->turtle);
}

/* Writes a result and all that explains it: down to the first detail, on to the next, up again. */
static void
write_result(cns_graph_report *report, uint32_t top) {
    uint32_t at = top;
    for (;;) {
        open_result(report, &report->findings[at]);
        uint32_t down = report->first[at + 1];
        if (down != 0) {
            cns_put_text(&report->buffer, " ;\n  sh:detail ");
            at = down - 1;
            continue;
        }
        cns_put_text(&report->buffer, " ]");
        while (at != top && report->next[at] == 0) {
            at = report->findings[at].parent - 1;
            cns_put_text(&report->buffer, " ]");
        }
        if (at == top) {
            break;
        }
        cns_put_text(&report->buffer, " ;\n  sh:detail ");
        at = report->next[at] - 1;
    }
    flush(report);
}

void
cns_report_turtle(cns_graph_report *report) {
    write_prefixes(report);
    cns_put_text(&report->buffer, "\n[] a sh:ValidationReport ;\n  sh:conforms ");
    cns_put_text(&report->buffer, report->found == 0 ? "true" : "false");
    flush(report);
    uint64_t written = 0;
    for (uint32_t at = report->first[0]; at != 0 && written < report->most;
         at = report->next[at - 1]) {
        (void)fputs(written == 0 ? " ;\n  sh:result\n    " : ",\n    ", report->to);
        write_result(report, at - 1);
        written++;
    }
    (void)fputs(" .\n", report->to);
}
