/* SPDX-License-Identifier: Apache-2.0 */
/* Turtle by serd: its statements become triples of the graph, with their forms as written. */
#include "turtle.h"

#ifdef CNS_WITH_SERD

#include <serd/serd.h>

#include <stdlib.h>
#include <string.h>

/* What serd's callbacks share. */
typedef struct reading {
    cns_input *input;
    const char *file;
    SerdEnv *env;
    bool said; /* stderr has an error */
    bool full; /* memory is */
} reading;

static cns_str
text_of(const SerdNode *node) {
    const cns_str text = {(const char *)node->buf, (uint32_t)node->n_bytes};
    return text;
}

/* The number of an IRI, which may be relative or shortened. */
static uint32_t
add_iri(const reading *state, const SerdNode *node) {
    SerdNode whole = serd_env_expand_node(state->env, node);
    if (whole.buf == NULL) {
        return 0;
    }
    uint32_t number = cns_terms_add_iri(&state->input->graph->terms, text_of(&whole));
    serd_node_free(&whole);
    return number;
}

static uint32_t
add_term(const reading *state, const SerdNode *node, const SerdNode *datatype,
         const SerdNode *language) {
    cns_terms *terms = &state->input->graph->terms;
    const cns_str untagged = {"", 0};
    switch (node->type) {
    case SERD_URI:
    case SERD_CURIE:
        return add_iri(state, node);
    case SERD_BLANK:
        return cns_terms_add_blank(terms, state->input->scope, text_of(node));
    default:
        break;
    }
    bool typed = datatype != NULL && datatype->buf != NULL;
    uint32_t number = typed ? add_iri(state, datatype) : CNS_TERM_STRING;
    bool tagged = language != NULL && language->buf != NULL;
    return number == 0 ? 0
                       : cns_terms_add_literal(terms, text_of(node), number,
                                               tagged ? text_of(language) : untagged);
}

/* Whether shapes look at a predicate: it is a term of the program. */
static bool
is_wanted(const reading *state, const SerdNode *predicate) {
    const cns_graph *graph = state->input->graph;
    if (graph->wanted[0] != 0) {
        return true;
    }
    SerdNode whole = serd_env_expand_node(state->env, predicate);
    uint32_t number = whole.buf == NULL ? 0 : cns_terms_find_iri(&graph->terms, text_of(&whole));
    serd_node_free(&whole);
    return number != 0 && number <= cns_program_terms(graph->program) &&
           graph->wanted[number] != 0;
}

/* Whether the prefix of a name is declared, if it has one. */
static bool
has_prefix(reading *state, const SerdNode *node) {
    SerdChunk start, rest;
    if (node == NULL || node->type != SERD_CURIE ||
        serd_env_expand(state->env, node, &start, &rest) == SERD_SUCCESS) {
        return true;
    }
    (void)fprintf(stderr, "%s: error: the prefix of %s is not declared: add @prefix\n",
                  state->file, (const char *)node->buf);
    state->said = true;
    return false;
}

static SerdStatus
take(void *context, SerdStatementFlags flags, const SerdNode *graph, const SerdNode *subject,
     const SerdNode *predicate, const SerdNode *object, const SerdNode *datatype,
     const SerdNode *language) {
    (void)flags;
    (void)graph;
    reading *state = context;
    state->input->triples++;
    if (!has_prefix(state, subject) || !has_prefix(state, predicate) ||
        !has_prefix(state, object) || !has_prefix(state, datatype)) {
        return SERD_ERR_BAD_CURIE;
    }
    if (!is_wanted(state, predicate)) {
        return SERD_SUCCESS;
    }
    uint32_t s = add_term(state, subject, NULL, NULL);
    uint32_t p = add_term(state, predicate, NULL, NULL);
    uint32_t o = add_term(state, object, datatype, language);
    bool added = s != 0 && p != 0 && o != 0 && cns_graph_add(state->input->graph, s, p, o);
    state->full = state->full || !added;
    return added ? SERD_SUCCESS : SERD_ERR_INTERNAL;
}

static SerdStatus
set_base(void *context, const SerdNode *iri) {
    reading *state = context;
    return serd_env_set_base_uri(state->env, iri);
}

static SerdStatus
set_prefix(void *context, const SerdNode *name, const SerdNode *iri) {
    reading *state = context;
    return serd_env_set_prefix(state->env, name, iri);
}

static SerdStatus
complain(void *context, const SerdError *error) {
    reading *state = context;
    va_list arguments;
    va_copy(arguments, *error->args);
    (void)fprintf(stderr, "%s:%u:%u: error: ", state->file, error->line, error->col);
    (void)vfprintf(stderr, error->fmt, arguments); /* ends the line */
    va_end(arguments);
    state->said = true;
    return SERD_SUCCESS;
}

/* Reads all statements, or up to the first one that is malformed. */
static bool
read_statements(reading *state, SerdReader *reader) {
    SerdStatus status = SERD_SUCCESS;
    while (status == SERD_SUCCESS) {
        status = serd_reader_read_chunk(reader);
    }
    return status == SERD_FAILURE && !state->said && !state->full;
}

/* The IRI of a file beside which there is nothing, so that no path gets into reports. */
static SerdNode
base_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *name = slash == NULL ? file : slash + 1;
    size_t size = strlen(name) + 2;
    char *path = malloc(size);
    if (path == NULL) {
        return SERD_NODE_NULL;
    }
    path[0] = '/';
    memcpy(path + 1, name, size - 1);
    SerdNode base = serd_node_new_file_uri((const uint8_t *)path, NULL, NULL, true);
    free(path);
    return base;
}

bool
cns_turtle_read(cns_input *input, const char *file, FILE *stream) {
    SerdNode base = base_of(file);
    reading state = {input, file, serd_env_new(&base), false, false};
    serd_node_free(&base);
    SerdReader *reader =
        serd_reader_new(SERD_TURTLE, &state, NULL, set_base, set_prefix, take, NULL);
    serd_reader_set_error_sink(reader, complain, &state);
    serd_reader_set_strict(reader, true);
    bool read =
        serd_reader_start_stream(reader, stream, (const uint8_t *)file, true) == SERD_SUCCESS &&
        read_statements(&state, reader);
    (void)serd_reader_end_stream(reader);
    serd_reader_free(reader);
    serd_env_free(state.env);
    if (!read && !state.said) {
        const char *what = state.full ? "memory is full: read less" : "cannot be read";
        (void)fprintf(stderr, "%s: error: %s\n", file, what);
    }
    return read;
}

#else

bool
cns_turtle_read(cns_input *input, const char *file, FILE *stream) {
    (void)input;
    (void)stream;
    (void)fprintf(stderr,
                  "%s: error: this program was built without serd, which reads Turtle: build it "
                  "where serd is installed (libserd-dev), or convert the file to N-Triples\n",
                  file);
    return false;
}

#endif
