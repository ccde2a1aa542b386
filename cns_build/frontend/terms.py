# SPDX-License-Identifier: Apache-2.0
"""The terms of SHACL, and of DASH where they constrain, by what the front end does with them."""

from __future__ import annotations

from cns_build.vocabulary import CNS, SH

DASH = "http://datashapes.org/dash#"


def _names(namespace: str, local_names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in local_names.split())


TARGETS = _names(SH, "targetClass targetNode targetSubjectsOf targetObjectsOf")

AT_MOST_ONE = _names(
    SH,
    """closed datatype deactivated flags ignoredProperties in languageIn maxCount maxExclusive
    maxInclusive maxLength minCount minExclusive minInclusive minLength nodeKind path pattern
    qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint
    severity uniqueLang""",
)
"""Predicates that a shape has one value of, or none (SHACL's syntax rules `…-maxCount` and
`multiple-parameters`)."""

PROPERTY_SHAPES_ONLY = _names(
    SH, "lessThan lessThanOrEquals maxCount minCount qualifiedValueShape uniqueLang"
) | {CNS + "maxValues"}

UNSUPPORTED = _names(
    SH,
    """expression js memberShape minListLength maxListLength nodeByExpression
    reificationRequired reifierShape rootClass rule singleLine someValue sparql subsetOf target
    targetShape targetWhere uniqueMembers uniqueValuesFor values""",
) | _names(
    DASH,
    """closedByTypes coExistsWith expression hasClass hasValueIn hasValueWithClass nonRecursive
    reifiableBy rootClass scriptConstraint singleLine stem subSetOf symmetric
    uniqueValueForClass uniqueValuesForClass""",
)
"""Parameters and rules that mean something for a shape and that this compiler does not read."""

IGNORED = _names(
    SH,
    """agentInstruction codeIdentifier condition declare defaultValue description entailment
    group intent message name order shapesGraph suggestedShapesGraph view""",
)
"""Predicates that shapes carry for people and other tools; they change no verdict."""

OTHER = _names(
    SH,
    """alternativePath annotationProperty annotationValue annotationVarName ask bindings
    conforms construct count desc detail distinct else filterShape flatMap focusNode
    groupConcat if intersection inversePath jsFunctionName jsLibrary jsLibraryURL
    labelTemplate limit max min minus namespace nodeValidator nodes object offset
    oneOrMorePath optional orderBy parameter predicate prefix prefixes propertyValidator
    result resultAnnotation resultMessage resultPath resultSeverity returnType select
    separator shapesGraphWellFormed sourceConstraint sourceConstraintComponent sourceShape
    subject sum then union update validator value zeroOrMorePath zeroOrOnePath""",
)
"""Predicates of SHACL that stand on nodes other than shapes."""

PROPERTY_PATHS = _names(
    SH, "alternativePath inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath"
)
