# SPDX-License-Identifier: Apache-2.0
"""The terms of SHACL, and of DASH where they constrain, by what the front end does with them."""

from __future__ import annotations

from collections.abc import Mapping

from cns_build.vocabulary import SH

DASH = 'http://datashapes.org/dash#'

TARGETS = frozenset(
    SH + name for name in ('targetClass', 'targetNode', 'targetSubjectsOf', 'targetObjectsOf')
)

AT_MOST_ONE = frozenset(
    SH + name
    for name in """closed datatype deactivated flags ignoredProperties in languageIn maxCount
    maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength nodeKind
    path pattern qualifiedMaxCount qualifiedMinCount qualifiedValueShape
    qualifiedValueShapesDisjoint severity uniqueLang""".split()
)
"""Predicates that a shape has one value of, or none (SHACL's syntax rules `…-maxCount` and
`multiple-parameters`)."""

PROPERTY_SHAPES_ONLY = frozenset(
    SH + name
    for name in 'lessThan lessThanOrEquals maxCount minCount qualifiedValueShape uniqueLang'.split()
)

UNSUPPORTED = frozenset(
    [
        SH + name
        for name in """expression js memberShape minListLength maxListLength nodeByExpression
        reificationRequired reifierShape rootClass rule singleLine someValue sparql subsetOf
        target targetShape targetWhere uniqueMembers uniqueValuesFor values""".split()
    ]
    + [
        DASH + name
        for name in """closedByTypes coExistsWith expression hasClass hasValueIn
        hasValueWithClass nonRecursive reifiableBy rootClass scriptConstraint singleLine stem
        subSetOf symmetric uniqueValueForClass uniqueValuesForClass""".split()
    ]
)
"""Parameters and rules that mean something for a shape and that this compiler does not read."""

IGNORED = frozenset(
    SH + name
    for name in """agentInstruction codeIdentifier condition declare defaultValue description
    entailment group intent message name order shapesGraph suggestedShapesGraph view""".split()
)
"""Predicates that shapes carry for people and other tools; they change no verdict."""

OTHER = frozenset(
    SH + name
    for name in """alternativePath annotationProperty annotationValue annotationVarName ask
    bindings conforms construct count desc detail distinct else expression filterShape
    flatMap focusNode groupConcat if intersection inversePath jsFunctionName jsLibrary
    jsLibraryURL labelTemplate limit max min minus namespace nodeValidator nodes object
    offset oneOrMorePath optional orderBy parameter predicate prefix prefixes
    propertyValidator result resultAnnotation resultMessage resultPath resultSeverity
    returnType select separator shapesGraphWellFormed sourceConstraint
    sourceConstraintComponent sourceShape subject sum then union update validator value
    zeroOrMorePath zeroOrOnePath""".split()
)
"""Predicates of SHACL that stand on nodes other than shapes."""

PROPERTY_PATHS: Mapping[str, str] = {
    SH + name: name
    for name in 'alternativePath inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath'.split()
}
