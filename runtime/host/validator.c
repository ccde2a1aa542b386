/* SPDX-License-Identifier: Apache-2.0 */
/* Stand-alone validators: read data, run the shapes, write the report. */
#include "validator.h"

#include "crew.h"
#include "input.h"
#include "ntriples_write.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CONFORMS = 0,
    FAILED = 1,
    ERROR = 2,
    NEVER = 3,    /* above the rank of any severity */
    EXAMPLES = 10 /* of each constraint of a shape, in reports for people */
};

static const char usage[] =
    "usage: %s [OPTION]... [DATA]...\n"
    "\n"
    "Validate RDF data against the shapes that this program was built from.\n"
    "Exit status 0, 1 with results at or above --fail-on, 2 for errors.\n"
    "\n"
    "  DATA               files in N-Triples or N-Quads%s%s;\n"
    "                     - or none: standard input, in N-Triples or N-Quads\n"
    "  --format FORMAT    text for people (default), turtle, json\n"
    "  --fail-on SEVERITY the least severity that makes the exit status 1:\n"
    "                     info (default), warning, violation, never\n"
    "  --max N            report N results at most; of text, N for each constraint (default 10)\n"
    "  --lenient          leave out malformed lines, and say how many\n"
    "  --threads N        validate on N threads (default 1)\n"
    "  --help             show this\n";

/* ---- Options ------------------------------------------------------------------------------ */

typedef struct options {
    const char *program;
    char **files; /* moved to the front of argv */
    int file_count;
    cns_report_writer writer;
    uint64_t most; /* UINT64_MAX where nothing is said */
    uint32_t threads;
    uint32_t fail_on; /* a rank */
    bool lenient;
    bool help;
} options;

static bool
refuse(const char *program, const char *what, const char *value) {
    (void)fprintf(stderr, "%s: error: %s%s; see %s --help\n", program, what, value, program);
    return false;
}

static bool
set_format(options *chosen, const char *value) {
    if (strcmp(value, "text") == 0) {
        chosen->writer = cns_report_text;
    } else if (strcmp(value, "turtle") == 0) {
        chosen->writer = cns_report_turtle;
    } else if (strcmp(value, "json") == 0) {
        chosen->writer = cns_report_json;
    } else {
        return refuse(chosen->program, "--format is text, turtle or json, not ", value);
    }
    return true;
}

static bool
set_fail_on(options *chosen, const char *value) {
    static const char *const names[] = {"info", "warning", "violation", "never"};
    for (uint32_t rank = 0; rank <= NEVER; rank++) {
        if (strcmp(value, names[rank]) == 0) {
            chosen->fail_on = rank;
            return true;
        }
    }
    return refuse(chosen->program, "--fail-on is info, warning, violation or never, not ", value);
}

/* A decimal number without a sign. */
static bool
read_number(const char *text, uint64_t most, uint64_t *number) {
    *number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || *number > (most - (uint64_t)(*at - '0')) / 10) {
            return false;
        }
        *number = *number * 10 + (uint64_t)(*at - '0');
    }
    return *text != '\0';
}

static bool
set_most(options *chosen, const char *value) {
    return read_number(value, UINT32_MAX, &chosen->most) ||
           refuse(chosen->program, "--max is a number, not ", value);
}

static bool
set_threads(options *chosen, const char *value) {
    uint64_t threads = 0;
    if (!read_number(value, UINT32_MAX, &threads) || threads == 0) {
        return refuse(chosen->program, "--threads is a number from 1, not ", value);
    }
    uint32_t limit = cns_crew_limit();
    chosen->threads = threads < limit ? (uint32_t)threads : limit;
    return true;
}

/* Options that take a value, `--name value` or `--name=value`. */
static const struct {
    const char *name;
    bool (*set)(options *chosen, const char *value);
} valued[] = {
    {"--format", set_format},
    {"--fail-on", set_fail_on},
    {"--max", set_most},
    {"--threads", set_threads},
};

/* Reads an option at argv[*at], and the value behind it. */
static bool
read_option(options *chosen, int argc, char **argv, int *at) {
    const char *word = argv[*at];
    if (strcmp(word, "--lenient") == 0 || strcmp(word, "--help") == 0) {
        *(word[2] == 'l' ? &chosen->lenient : &chosen->help) = true;
        return true;
    }
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        size_t length = strlen(valued[i].name);
        if (strncmp(word, valued[i].name, length) != 0) {
            continue;
        }
        if (word[length] == '=') {
            return valued[i].set(chosen, word + length + 1);
        }
        if (word[length] == '\0') {
            return *at + 1 < argc ? valued[i].set(chosen, argv[++*at])
                                  : refuse(chosen->program, "a value is missing for ", word);
        }
    }
    return refuse(chosen->program, "no such option: ", word);
}

static bool
read_options(options *chosen, int argc, char **argv) {
    memset(chosen, 0, sizeof *chosen);
    chosen->program = argc > 0 ? argv[0] : "validator";
    chosen->files = argv;
    chosen->writer = cns_report_text;
    chosen->most = UINT64_MAX;
    chosen->threads = 1;
    bool only_files = false;
    for (int at = 1; at < argc; at++) {
        if (!only_files && strcmp(argv[at], "--") == 0) {
            only_files = true;
        } else if (only_files || argv[at][0] != '-' || argv[at][1] == '\0') {
            chosen->files[chosen->file_count++] = argv[at];
        } else if (!read_option(chosen, argc, argv, &at)) {
            return false;
        }
    }
    if (chosen->most == UINT64_MAX && chosen->writer == cns_report_text) {
        chosen->most = EXAMPLES;
    }
    return true;
}

static void
show_help(const char *program) {
    const char *turtle = "", *gzip = "";
#ifdef CNS_WITH_SERD
    turtle = ", or Turtle (.ttl)";
#endif
#ifdef CNS_WITH_ZLIB
    gzip = ", lines also as .gz";
#endif
    (void)printf(usage, program, turtle, gzip);
}

/* ---- Validation --------------------------------------------------------------------------- */

static double
now(void) {
    struct timespec time;
    (void)timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* What nobody knows who makes up data, for terms not to collide. */
static uint64_t
draw_seed(void) {
    uint64_t seed = 0;
    FILE *random = fopen("/dev/urandom", "rb");
    if (random != NULL) {
        size_t read = fread(&seed, sizeof seed, 1, random);
        (void)fclose(random);
        if (read == 1) {
            return seed;
        }
    }
    struct timespec time;
    (void)timespec_get(&time, TIME_UTC);
    return (uint64_t)time.tv_sec << 32 ^ (uint64_t)time.tv_nsec ^ (uintptr_t)&seed;
}

static int
fail(const options *chosen, const char *what) {
    (void)fprintf(stderr, "%s: error: %s\n", chosen->program, what);
    return ERROR;
}

static int
out_of_memory(const options *chosen) {
    return fail(chosen, "memory is full: read less, or use fewer threads");
}

/* Says which triple of the data would add to the ontology. */
static int
refuse_axiom(const options *chosen, const cns_graph *graph) {
    cns_ntriples_writer writer;
    if (!cns_ntriples_write_begin(&writer, graph, false)) {
        return out_of_memory(chosen);
    }
    int status = ERROR;
    char *line = malloc(cns_ntriples_room(&writer, &graph->extending));
    if (line != NULL) {
        size_t length = cns_ntriples_put(&writer, &graph->extending, line);
        (void)fprintf(stderr, "%s: error: the data add to the ontology: ", chosen->program);
        (void)fwrite(line, 1, length - 3, stderr); /* without the dot */
        (void)fputs("; build the program with an ontology that has it\n", stderr);
    } else {
        status = out_of_memory(chosen);
    }
    free(line);
    cns_ntriples_write_end(&writer);
    return status;
}

static int
fail_to_close(const options *chosen, const cns_graph *graph) {
    switch (graph->outcome) {
    case CNS_CLOSING_EXTENDS:
        return refuse_axiom(chosen, graph);
    case CNS_CLOSING_TOO_MANY:
        return fail(chosen, "more follows than there is space for: look for a key or functional "
                            "property with one value for most nodes, or a long transitive chain");
    default:
        return out_of_memory(chosen);
    }
}

static bool
read_files(const options *chosen, cns_input *input) {
    static const char *const standard_input = "-";
    if (chosen->file_count == 0) {
        return cns_input_read(input, standard_input);
    }
    for (int i = 0; i < chosen->file_count; i++) {
        if (!cns_input_read(input, chosen->files[i])) {
            return false;
        }
    }
    return true;
}

/* Whether there is a result as severe as --fail-on. */
static bool
is_failed(const options *chosen, const cns_graph_report *report) {
    for (uint32_t i = 0; i < report->legend->severity_count; i++) {
        if (report->counts[i] > 0 && report->legend->severities[i].rank >= chosen->fail_on) {
            return true;
        }
    }
    return false;
}

static int
write_report(const options *chosen, cns_graph_report *report) {
    report->to = stdout;
    report->most = chosen->most;
    if (!cns_report_begin(report)) {
        return out_of_memory(chosen);
    }
    chosen->writer(report);
    int status = is_failed(chosen, report) ? FAILED : CONFORMS;
    if (report->buffer.full) {
        status = out_of_memory(chosen);
    } else if (fflush(stdout) != 0 || ferror(stdout)) {
        status = fail(chosen, "the report cannot be written");
    }
    cns_report_end(report);
    return status;
}

/* Runs a plan, and reports what was found. */
static int
run_plan(const options *chosen, cns_run *run, const cns_plan *plan, cns_graph_report *report) {
    double start = now();
    cns_crew_run(run, plan, chosen->threads);
    if (run->outcome == CNS_RUN_TOO_DEEP) {
        return fail(chosen, "recursive shapes nest deeper in the data than allowed: build the "
                            "program with a larger --recursion");
    }
    if (run->outcome != CNS_RUN_DONE) {
        return out_of_memory(chosen);
    }
    report->seconds += now() - start;
    report->findings = run->findings;
    report->count = run->finding_count;
    report->focus_nodes = run->focus_nodes;
    report->checked = run->checked;
    report->starts = plan->starts;
    return write_report(chosen, report);
}

static int
validate(const options *chosen, const cns_validator *validator, const cns_graph *graph,
         cns_graph_report *report) {
    double start = now();
    cns_run_options settings;
    memset(&settings, 0, sizeof settings);
    settings.recursion = validator->recursion;
    settings.detail = true;
    settings.shapes = validator->shapes;
    cns_run run;
    if (!cns_run_begin(&run, graph->program, graph, &settings)) {
        return out_of_memory(chosen);
    }
    cns_plan plan;
    int status = ERROR;
    if (cns_plan_make(&plan, &run)) {
        report->seconds = now() - start;
        status = run_plan(chosen, &run, &plan, report);
        cns_plan_end(&plan);
    } else {
        status = out_of_memory(chosen);
    }
    cns_run_end(&run);
    return status;
}

static int
read_and_validate(const options *chosen, const cns_validator *validator, cns_graph *graph) {
    double start = now();
    cns_input input;
    memset(&input, 0, sizeof input);
    input.graph = graph;
    input.lenient = chosen->lenient;
    if (!read_files(chosen, &input)) {
        return ERROR;
    }
    double middle = now();
    if (!cns_graph_infer(graph)) {
        return fail_to_close(chosen, graph);
    }
    double inferred = now();
    if (!cns_graph_index(graph)) {
        return out_of_memory(chosen);
    }
    cns_graph_report report;
    memset(&report, 0, sizeof report);
    report.legend = validator->legend;
    report.program = graph->program;
    report.graph = graph;
    report.triples = input.triples;
    report.inferred = graph->triple_count - graph->given;
    report.infer_seconds = inferred - middle;
    report.skipped = input.skipped;
    report.read_seconds = now() - start;
    return validate(chosen, validator, graph, &report);
}

int
cns_validator_main(const cns_validator *validator, int argc, char **argv) {
    options chosen;
    if (!read_options(&chosen, argc, argv)) {
        return ERROR;
    }
    if (chosen.help) {
        show_help(chosen.program);
        return CONFORMS;
    }
    cns_program program;
    cns_refusal refusal = cns_program_load(&program, validator->program, validator->size);
    if (refusal != NULL) {
        return fail(&chosen, refusal);
    }
    cns_graph graph;
    int status = ERROR;
    if (cns_graph_begin(&graph, &program, draw_seed())) {
        status = read_and_validate(&chosen, validator, &graph);
        cns_graph_end(&graph);
    } else {
        status = out_of_memory(&chosen);
    }
    cns_program_end(&program);
    return status;
}
