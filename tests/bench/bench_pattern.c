/* SPDX-License-Identifier: Apache-2.0 */
/* Long texts through patterns: cns against POSIX regexec, and memchr as the least that is read. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cns/cns.h>

/* The tables of the patterns, and `cases`; written by bench_pattern.py. */
typedef struct bench_case {
    const char *name;
    const cns_pattern *pattern;
    const char *posix; /* the same as a POSIX extended expression, or NULL */
    const char *part;  /* the text is this one, over and over */
    bool found;
} bench_case;

#include "patterns.h"

enum {
    SIZE = 1 << 20
};

static double
seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
answer(bool right, const char *what) {
    if (!right) {
        fprintf(stderr, "wrong answer: %s\n", what);
        exit(1);
    }
}

static void
report(const char *engine, const char *name, size_t bytes, double time) {
    printf("%s, %s\tMB/s\t%.1f\n", name, engine, (double)bytes / time * 1e-6);
}

static size_t
fill(char *text, const char *part) {
    size_t length = strlen(part);
    size_t size = 0;

    while (size + length < SIZE) {
        memcpy(text + size, part, length);
        size += length;
    }
    text[size] = '\0';
    return size;
}

static void
run_posix(const bench_case *one, const char *text, size_t size) {
    regex_t regex;
    double start;

    answer(regcomp(&regex, one->posix, REG_EXTENDED | REG_NOSUB) == 0, one->posix);
    start = seconds();
    answer((regexec(&regex, text, 0, NULL, 0) == 0) == one->found, one->posix);
    report("regexec", one->name, size, seconds() - start);
    regfree(&regex);
}

static void
run(const bench_case *one, char *text) {
    size_t size = fill(text, one->part);
    double start = seconds();

    answer(cns_pattern_matches(one->pattern, text, (uint32_t)size) == one->found, one->name);
    report("cns", one->name, size, seconds() - start);
    start = seconds();
    answer(memchr(text, '\1', size) == NULL, "memchr");
    report("memchr", one->name, size, seconds() - start);
    if (one->posix != NULL) {
        run_posix(one, text, size);
    }
}

/* A short text many times, as handlers meet it. */
static void
run_short(const cns_pattern *pattern, const char *name, const char *text) {
    uint32_t length = (uint32_t)strlen(text);
    volatile uint32_t size = length;
    unsigned found = 0;
    double start = seconds();

    for (unsigned i = 0; i < 1000000; i++) {
        found += cns_pattern_matches(pattern, text, size);
    }
    printf("%s\tns\t%.2f\n", name, (seconds() - start) * 1e3);
    answer(found == 1000000, name);
}

int
main(void) {
    char *text = malloc(SIZE);

    if (text == NULL) {
        return 1;
    }
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run(&cases[i], text);
    }
    run_short(&SHORT, "a date and time of 20 bytes", "2024-02-29T12:00:00Z");
    free(text);
    return 0;
}
