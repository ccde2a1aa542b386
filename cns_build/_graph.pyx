# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
"""The engine for graphs, from Python: programs, graphs, and what runs of one over the other find.

Terms are tuples (kind, text, datatype, language): kind is "iri", "blank" or "literal"; datatype and
language are empty where there is none. A blank node has the number of its source for a datatype.
"""

from libc.stdint cimport UINT32_MAX, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memset

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free

import os
from time import perf_counter


cdef extern from "<stdbool.h>":
    ctypedef bint truth "bool" # as C has it: callbacks have to say so

cdef extern from "cns/cns.h":
    ctypedef struct cns_str:
        const char *data
        uint32_t length
    enum:
        CNS_KIND_IRI
        CNS_KIND_BLANK
        CNS_KIND_LITERAL

cdef extern from "host/program.h":
    ctypedef struct cns_program:
        pass
    const char *cns_program_load(cns_program *program, const void *bytes, size_t size)
    void cns_program_end(cns_program *program)
    uint32_t cns_program_shapes(const cns_program *program)
    uint32_t cns_program_terms(const cns_program *program)

cdef extern from "host/terms.h":
    ctypedef struct cns_entry:
        const char *text
        uint32_t length
        uint32_t datatype
        uint32_t language
        uint8_t kind
    ctypedef struct cns_terms:
        cns_entry *entries
        uint32_t count
    uint32_t cns_terms_add_iri(cns_terms *terms, cns_str iri)
    uint32_t cns_terms_find_iri(const cns_terms *terms, cns_str iri)

cdef extern from "host/graph.h":
    ctypedef struct cns_set:
        const uint32_t *at
        uint32_t count
    ctypedef struct cns_edges:
        uint32_t *starts
        uint32_t *predicates
        uint32_t *others
        uint32_t count
    ctypedef struct cns_triple:
        uint32_t subject
        uint32_t predicate
        uint32_t object
    ctypedef struct cns_graph:
        cns_terms terms
        uint32_t indexed
        cns_edges out
        uint8_t *wanted
        cns_triple *triples
        uint32_t triple_count
        uint32_t asserted
        uint32_t given
        int outcome
        cns_triple extending
    enum:
        CNS_CLOSING_EXTENDS
        CNS_CLOSING_TOO_MANY
    bint cns_graph_begin(cns_graph *graph, const cns_program *program, uint64_t seed)
    bint cns_graph_add(cns_graph *graph, uint32_t s, uint32_t p, uint32_t o) nogil
    bint cns_graph_close(cns_graph *graph) nogil
    bint cns_graph_infer(cns_graph *graph) nogil
    bint cns_graph_index(cns_graph *graph) nogil
    bint cns_graph_open(cns_graph *graph) nogil
    void cns_graph_remove(cns_graph *graph, cns_triple *triples, uint32_t count) nogil
    void cns_graph_end(cns_graph *graph)

cdef extern from "host/ntriples.h":
    enum:
        CNS_FOUND_BYTES
        CNS_FOUND_LINE_END
        CNS_NTRIPLES_NO_MEMORY
        CNS_NTRIPLES_STOPPED
    ctypedef struct cns_ntriples_error:
        uint64_t line
        uint64_t column
        const char *message
        uint32_t found
        int fault
    ctypedef struct cns_ntriples_options:
        const uint8_t *wanted
        uint32_t wanted_count
        uint32_t scope
        bint quads
        bint lenient
        bint escaped
    ctypedef struct cns_ntriples:
        cns_ntriples_error error
        uint64_t lines
        uint64_t triples
        uint64_t malformed
    ctypedef truth (*cns_ntriples_sink)(void *, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t) noexcept nogil
    void cns_ntriples_begin(cns_ntriples *reader, cns_terms *terms, cns_ntriples_sink sink,
                            void *context, const cns_ntriples_options *options)
    bint cns_ntriples_feed(cns_ntriples *reader, const char *data, size_t size) nogil
    bint cns_ntriples_finish(cns_ntriples *reader) nogil

cdef extern from "host/ntriples_write.h":
    ctypedef struct cns_ntriples_writer:
        uint32_t at
        uint32_t end
    bint cns_ntriples_write_begin(cns_ntriples_writer *writer, const cns_graph *graph, bint scoped)
    size_t cns_ntriples_room(cns_ntriples_writer *writer, const cns_triple *triple)
    size_t cns_ntriples_write(cns_ntriples_writer *writer, char *to, size_t size) nogil
    void cns_ntriples_write_end(cns_ntriples_writer *writer)

cdef extern from "host/run.h":
    ctypedef struct cns_finding:
        uint32_t check
        uint32_t focus
        uint32_t value
        uint32_t path
        uint32_t parent
    enum:
        CNS_RUN_DONE
        CNS_RUN_NO_MEMORY
        CNS_RUN_TOO_DEEP
    ctypedef struct cns_run
    ctypedef truth (*cns_host_check)(void *, cns_run *, uint32_t, uint32_t, uint32_t, cns_set) noexcept nogil
    ctypedef truth (*cns_native_shape)(cns_run *, uint32_t) noexcept nogil
    ctypedef struct cns_run_options:
        uint32_t most
        uint32_t recursion
        bint first
        bint detail
        cns_host_check host
        void *context
        const cns_native_shape *shapes
    ctypedef struct cns_run:
        cns_finding *findings
        uint32_t finding_count
        uint32_t testing
        uint32_t parent
        uint64_t found
        uint64_t checked
        int outcome
        bint stopped
    bint cns_run_begin(cns_run *run, const cns_program *program, const cns_graph *graph,
                       const cns_run_options *options)
    void cns_run_end(cns_run *run)
    bint cns_run_shape(cns_run *run, uint32_t shape, uint32_t focus) nogil
    bint cns_fail(cns_run *run, uint32_t check, uint32_t focus, uint32_t value, uint32_t path) nogil
    cns_set cns_targets(cns_run *run, uint32_t shape) nogil
    bint cns_run_sort(cns_run *run) nogil
    ctypedef struct cns_mark:
        pass
    cns_mark cns_mark_free(const cns_run *run) nogil
    void cns_release(cns_run *run, cns_mark mark) nogil


class TooDeep(Exception):
    """Recursive shapes nest deeper in the data than allowed."""


class ExtendsOntology(Exception):
    """Data state what would add to the ontology: `triple`, as three terms."""

    def __init__(self, triple):
        super().__init__("the data add to the ontology")
        self.triple = triple


class TooManyTriples(Exception):
    """More follows than memory has space for."""


class MalformedLine(ValueError):
    """A line that is no triple: `line`, `column` (from 1), and what was expected."""

    def __init__(self, message, line, column):
        super().__init__(message)
        self.line = line
        self.column = column


cdef class Program:
    """A program of shapes, verified. Any number of threads may use it."""

    cdef cns_program program

    def __cinit__(self, bytes image):
        """Raises ValueError for an image that is refused, and says why."""
        cdef const char *refusal = cns_program_load(&self.program, <const char *>image, len(image))
        if refusal != NULL:
            raise ValueError(refusal.decode())

    def __dealloc__(self):
        cns_program_end(&self.program)


cdef truth take(void *context, uint32_t s, uint32_t p, uint32_t o, uint32_t g,
                uint64_t line) noexcept nogil:
    return cns_graph_add(<cns_graph *>context, s, p, o)


# What a reader of some named graphs gives its triples to.
cdef struct Selection:
    cns_graph *graph
    uint32_t *names # of graphs, 0 for the default graph
    uint32_t count


cdef truth take_selected(void *context, uint32_t s, uint32_t p, uint32_t o, uint32_t g,
                         uint64_t line) noexcept nogil:
    cdef Selection *selection = <Selection *>context
    cdef uint32_t i
    for i in range(selection.count):
        if selection.names[i] == g:
            return cns_graph_add(selection.graph, s, p, o)
    return True


# Triples that a reader collects, and where its predicates are noted.
cdef struct Collection:
    cns_triple *triples
    uint32_t count
    uint32_t capacity


cdef truth collect(void *context, uint32_t s, uint32_t p, uint32_t o, uint32_t g,
                   uint64_t line) noexcept nogil:
    cdef Collection *found = <Collection *>context
    cdef cns_triple *moved
    if found.count == found.capacity:
        if found.capacity > UINT32_MAX / 4:
            return False
        moved = <cns_triple *>realloc(found.triples,
                                      (2 * <size_t>found.capacity + 64) * sizeof(cns_triple))
        if moved == NULL:
            return False
        found.triples = moved
        found.capacity = 2 * found.capacity + 64
    found.triples[found.count].subject = s
    found.triples[found.count].predicate = p
    found.triples[found.count].object = o
    found.count += 1
    return True


cdef class Graph:
    """The triples that a program looks at. Read sources, then close it, then run."""

    cdef Program program
    cdef cns_graph graph
    cdef Selection selection
    cdef readonly uint64_t triples
    cdef readonly uint64_t malformed
    cdef readonly double infer_seconds
    cdef bint derived
    cdef bint closed

    def __cinit__(self, Program program):
        self.program = program
        self.triples = 0
        self.malformed = 0
        self.selection.names = NULL
        if not cns_graph_begin(&self.graph, &program.program,
                               int.from_bytes(os.urandom(8), "little")):
            raise MemoryError

    def __dealloc__(self):
        cns_graph_end(&self.graph)
        PyMem_Free(self.selection.names)

    def select(self, list graphs):
        """Read the named graphs with these IRIs alone, None being the default graph."""
        self.selection.graph = &self.graph
        self.selection.count = <uint32_t>len(graphs)
        PyMem_Free(self.selection.names)
        self.selection.names = <uint32_t *>PyMem_Calloc(len(graphs) + 1, sizeof(uint32_t))
        if self.selection.names == NULL:
            raise MemoryError
        for i, iri in enumerate(graphs):
            self.selection.names[i] = 0 if iri is None else self.add_iri(iri)

    cdef uint32_t add_iri(self, str iri) except 0:
        cdef bytes data = iri.encode()
        cdef uint32_t number = cns_terms_add_iri(&self.graph.terms, text_of(data))
        if number == 0:
            raise MemoryError
        return number

    def intern(self, str iri):
        """Give an IRI a number, whether or not a triple has it; before the graph is closed."""
        self.add_iri(iri)

    def read(self, chunks, uint32_t scope, bint quads, bint lenient=False, bint escaped=False):
        """Add triples in N-Triples or N-Quads, given as an iterable of bytes.

        `escaped` accepts any character in an IRI that is escaped, where another parser had it.

        Returns the numbers of triples and of malformed lines, which only a lenient reading goes
        over, and the first of these as (line, column, message) or None. Raises MalformedLine.
        """
        if self.derived:
            raise ValueError("a closed graph takes changes alone")
        if self.selection.names == NULL:
            return self._read(chunks, scope, quads, lenient, escaped, take, &self.graph)
        return self._read(chunks, scope, quads, lenient, escaped, take_selected,
                          &self.selection)

    cdef tuple _read(self, object chunks, uint32_t scope, bint quads, bint lenient, bint escaped,
                     cns_ntriples_sink sink, void *context):
        cdef cns_ntriples reader
        cdef cns_ntriples_options options
        cdef const unsigned char[:] view
        cdef bint fine = True
        options.wanted = self.graph.wanted if not self.graph.wanted[0] else NULL
        options.wanted_count = cns_program_terms(&self.program.program) + 1
        options.scope = scope
        options.quads = quads
        options.lenient = lenient
        options.escaped = escaped
        cns_ntriples_begin(&reader, &self.graph.terms, sink, context, &options)
        try:
            for chunk in chunks:
                if len(chunk) == 0:
                    continue
                view = chunk
                with nogil:
                    fine = cns_ntriples_feed(&reader, <const char *>&view[0], view.shape[0])
                if not fine:
                    break
        finally:
            fine = cns_ntriples_finish(&reader) and fine
        full = reader.error.fault in (CNS_NTRIPLES_NO_MEMORY, CNS_NTRIPLES_STOPPED)
        if not fine and (full or reader.error.line == 0):
            raise MemoryError
        first = None
        if reader.error.line != 0:
            first = (reader.error.line, reader.error.column, wrong(&reader.error))
        if not fine:
            raise MalformedLine(first[2], first[0], first[1])
        self.triples += reader.triples
        self.malformed += reader.malformed
        return reader.triples, reader.malformed, first

    def change(self, added, removed, uint32_t scope):
        """Change a closed graph by N-Triples that are added and removed, as iterables of bytes.

        Returns the predicates of these triples, as far as the program looks at them; blank nodes
        are of the scope. Raises MalformedLine, and then nothing has changed; after a MemoryError
        the graph is of no use, nor after ExtendsOntology and TooManyTriples.
        """
        cdef Collection more, less
        if not self.closed:
            raise ValueError("a graph has to be closed before it is changed")
        cdef uint64_t triples = self.triples
        cdef uint32_t i
        cdef bint fine
        memset(&more, 0, sizeof(more))
        memset(&less, 0, sizeof(less))
        try:
            self._read(added, scope, False, False, False, collect, &more)
            self._read(removed, scope, False, False, False, collect, &less)
            with nogil:
                self.closed = False
                fine = cns_graph_open(&self.graph)
                if fine:
                    cns_graph_remove(&self.graph, less.triples, less.count)
                for i in range(more.count):
                    fine = fine and cns_graph_add(&self.graph, more.triples[i].subject,
                                                  more.triples[i].predicate,
                                                  more.triples[i].object)
                self.closed = fine and cns_graph_close(&self.graph)
            if not self.closed:
                self._raise()
            changed = {more.triples[i].predicate for i in range(more.count)}
            changed.update(less.triples[i].predicate for i in range(less.count))
            return changed
        finally:
            self.triples = triples
            free(more.triples)
            free(less.triples)

    def close(self):
        """Infer, unless that is done, and index what was read and what follows.

        Raises ExtendsOntology and TooManyTriples.
        """
        if not self.derived:
            self.infer()
        if self.closed:
            raise ValueError("the graph is closed already")
        with nogil:
            self.closed = cns_graph_index(&self.graph)
        if not self.closed:
            self._raise()

    def infer(self):
        """Derive what follows, to be written or indexed. Raises as `close` does."""
        if self.derived:
            raise ValueError("what follows is there already")
        start = perf_counter()
        with nogil:
            self.derived = cns_graph_infer(&self.graph)
        self.infer_seconds = perf_counter() - start
        if not self.derived:
            self._raise()

    def _raise(self):
        cdef cns_triple *triple = &self.graph.extending
        if self.graph.outcome == CNS_CLOSING_EXTENDS:
            raise ExtendsOntology((self.term(triple.subject), self.term(triple.predicate),
                                   self.term(triple.object)))
        if self.graph.outcome == CNS_CLOSING_TOO_MANY:
            raise TooManyTriples("more follows than there is space for")
        raise MemoryError

    @property
    def inferred(self):
        """The number of triples that follow from others."""
        return self.graph.triple_count - self.graph.given

    def ntriples(self, *, bint data=True, bint scoped=False):
        """Yield the triples of a graph that has inferred, as N-Triples: parts of one buffer.

        Those of the data come first unless left out, then what follows; those of the ontology do
        not come. Where `scoped`, labels of blank nodes begin with the number of their source.
        """
        cdef cns_ntriples_writer writer
        cdef bytearray buffer = bytearray(1 << 20)
        cdef char *to = buffer
        cdef size_t size = len(buffer), room, used
        if not self.derived:
            raise ValueError("a graph has to infer before it is written")
        if not cns_ntriples_write_begin(&writer, &self.graph, scoped):
            raise MemoryError
        try:
            for start, end in [(0, self.graph.asserted if data else 0),
                               (self.graph.given, self.graph.triple_count)]:
                writer.at, writer.end = start, end
                while writer.at < writer.end:
                    room = cns_ntriples_room(&writer, &self.graph.triples[writer.at])
                    if room > size:
                        buffer = bytearray(room)
                        to, size = buffer, room
                    with nogil:
                        used = cns_ntriples_write(&writer, to, size)
                    yield memoryview(buffer)[:used]
        finally:
            cns_ntriples_write_end(&writer)

    def each(self):
        """Yield the triples of a closed graph, as numbers of terms, by subject."""
        cdef uint32_t subject, edge
        for subject in range(1, self.graph.indexed + 1):
            for edge in range(self.graph.out.starts[subject], self.graph.out.starts[subject + 1]):
                yield subject, self.graph.out.predicates[edge], self.graph.out.others[edge]

    @property
    def terms(self):
        """The number of terms."""
        return self.graph.terms.count

    def term(self, uint32_t number):
        """Return a term."""
        if not 0 < number <= self.graph.terms.count:
            raise IndexError(number)
        cdef cns_entry *entry = &self.graph.terms.entries[number]
        text = entry.text[:entry.length].decode()
        if entry.kind == CNS_KIND_IRI:
            return "iri", text, "", ""
        if entry.kind == CNS_KIND_BLANK:
            return "blank", text, str(entry.datatype), ""
        language = self.term_text(entry.language) if entry.language else ""
        return "literal", text, self.term_text(entry.datatype), language

    cdef str term_text(self, uint32_t number):
        cdef cns_entry *entry = &self.graph.terms.entries[number]
        return entry.text[:entry.length].decode()

    def find_iri(self, str iri):
        """Return the number of an IRI, 0 where the graph has it not."""
        cdef bytes data = iri.encode()
        cdef uint32_t number = cns_terms_find_iri(&self.graph.terms, text_of(data))
        return number if number <= self.graph.indexed else 0


cdef cns_str text_of(bytes data):
    cdef cns_str text
    text.data = data
    text.length = <uint32_t>len(data)
    return text


cdef str wrong(cns_ntriples_error *error):
    """Return what was found and expected."""
    if error.found == CNS_FOUND_BYTES:
        found = "found bytes that are no UTF-8"
    elif error.found == CNS_FOUND_LINE_END:
        found = "found the end of the line"
    else:
        found = f"found {chr(error.found)!r}"
    return f"{found}, {error.message.decode()}"


@cython.no_gc_clear # the end of a run looks at its program
cdef class Run:
    """One validation of a graph. `host` is called for constraints that C leaves to Python.

    It gets the number of the constraint, the focus node and the values, as numbers of terms, and
    returns whether they conform where it is asked for an answer alone: what it finds it keeps.
    """

    cdef Graph graph
    cdef cns_run run
    cdef bint begun
    cdef object host
    cdef object error

    def __cinit__(self, Graph graph, *, uint32_t most=0, uint32_t recursion=0, bint first=False,
                  bint detail=False, host=None, size_t shapes=0):
        """`shapes` is the address of an array of cns_native_shape, to run in place of the code."""
        cdef cns_run_options options
        if not graph.closed:
            raise ValueError("a graph has to be closed before it is validated")
        self.graph = graph
        self.host = host
        self.error = None
        options.most = most
        options.recursion = recursion
        options.first = first
        options.detail = detail
        options.host = NULL
        if host is not None:
            options.host = call_host
        options.context = <void *>self
        options.shapes = <const cns_native_shape *>shapes
        self.begun = cns_run_begin(&self.run, &graph.program.program, &graph.graph, &options)
        if not self.begun:
            raise MemoryError

    def __dealloc__(self):
        if self.begun:
            cns_run_end(&self.run)

    def targets(self, uint32_t shape):
        """Return the focus nodes of a shape."""
        cdef cns_mark mark = cns_mark_free(&self.run)
        cdef cns_set found = cns_targets(&self.run, shape)
        numbers = [found.at[i] for i in range(found.count)]
        cns_release(&self.run, mark)
        return numbers

    def validate(self, uint32_t shape):
        """Run a shape over its focus nodes; return how many there are."""
        cdef uint32_t i
        cdef uint32_t count = 0
        cdef cns_set nodes
        cdef cns_mark mark = cns_mark_free(&self.run)
        with nogil:
            nodes = cns_targets(&self.run, shape)
            for i in range(nodes.count):
                if self.run.stopped:
                    break
                count += 1
                cns_run_shape(&self.run, shape, nodes.at[i])
        cns_release(&self.run, mark)
        self._raise()
        return count

    def validate_node(self, uint32_t shape, uint32_t node):
        """Run a shape over a node, target or not."""
        cns_run_shape(&self.run, shape, node)
        self._raise()

    def _raise(self):
        if self.error is not None:
            raise self.error
        if self.run.outcome == CNS_RUN_NO_MEMORY:
            raise MemoryError
        if self.run.outcome == CNS_RUN_TOO_DEEP:
            raise TooDeep("recursive shapes nest deeper in the data than allowed")
        if self.run.outcome != CNS_RUN_DONE:
            raise ValueError("the program has constraints of a host, and the run has none")

    @property
    def stopped(self):
        """Whether the run ended before its end, because of `first`."""
        return self.run.stopped

    @property
    def testing(self):
        """Whether a shape is run for its answer alone: nothing that fails is reported."""
        return self.run.testing != 0

    @property
    def found(self):
        """The number of results, those beyond `most` among them."""
        return self.run.found

    @property
    def checked(self):
        """The number of constraints that were checked, each over the values of a focus node."""
        return self.run.checked

    def fail(self, uint32_t check, uint32_t focus, uint32_t value=0, uint32_t path=0):
        """Report a violation, for a constraint of the host."""
        cns_fail(&self.run, check, focus, value, path)

    def since(self, uint32_t start):
        """Return the results from one on as they were found, for `put`."""
        return [
            (f.check, f.focus, f.value, f.path, f.parent - start if f.parent else 0)
            for f in self.run.findings[start:self.run.finding_count]
        ]

    def put(self, rows):
        """Add results that another run over the same terms found."""
        cdef uint32_t start = self.run.finding_count
        for check, focus, value, path, parent in rows:
            self.run.parent = start + parent if parent else 0
            cns_fail(&self.run, check, focus, value, path)
        self.run.parent = 0
        self._raise()

    @property
    def kept(self):
        """The number of results that are kept, details among them."""
        return self.run.finding_count

    def findings(self):
        """Return the results in their order: (check, focus, value, path, parent) with 0 for none.

        A parent is 1 + the index of the result that this one explains.
        """
        if not cns_run_sort(&self.run):
            raise MemoryError
        return [
            (f.check, f.focus, f.value, f.path, f.parent)
            for f in self.run.findings[:self.run.finding_count]
        ]


cdef truth call_host(void *context, cns_run *run, uint32_t number, uint32_t check,
                    uint32_t focus, cns_set values) noexcept with gil:
    self = <Run>context
    if self.error is not None:
        return False
    try:
        return self.host(number, check, focus, [values.at[i] for i in range(values.count)])
    except BaseException as error: # raised again by whoever began the run
        self.error = error
        run.stopped = True
        return False
