/* SPDX-License-Identifier: Apache-2.0 */
/* JSON (RFC 8259) as a row of tokens, read in place. */
#ifndef JSON_H
#define JSON_H

#include <cns/cns.h>

/* The deepest nesting. */
#define JSON_DEPTH 32

typedef enum json_kind {
    JSON_END,
    JSON_ERROR,
    JSON_OBJECT, /* its keys and values follow, then JSON_CLOSE */
    JSON_ARRAY,  /* its values follow, then JSON_CLOSE */
    JSON_CLOSE,
    JSON_KEY,    /* `text` */
    JSON_TEXT,   /* `text`, without escapes */
    JSON_NUMBER, /* `text`, as it is written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
} json_kind;

typedef struct json_token {
    json_kind kind;
    cns_str text;
    uint32_t at; /* where it begins: bytes from the start */
} json_token;

typedef struct json_reader {
    char *text;
    uint32_t length;
    uint32_t at;
    uint32_t objects; /* a bit for each open bracket, the inmost lowest: whether it is a brace */
    uint8_t depth;
    uint8_t wanted; /* what may follow: json.c knows */
    const char *error;
} json_reader;

/* Reads one value in the `length` bytes at `text`, which it changes: escapes are decoded there. */
void json_init(json_reader *from, char *text, uint32_t length);

/* The next token; JSON_END after the value. After JSON_ERROR, from->error says what is wrong. */
json_token json_next(json_reader *from);

#endif
