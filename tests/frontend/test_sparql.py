# SPDX-License-Identifier: Apache-2.0
"""SPARQL constraints and constraint components, as the front end reads them."""

from __future__ import annotations

import pytest

from cns_build.frontend.rules import SPARQL_RULES
from cns_build.model import IRI, BlankNode, Custom, Literal, Shape, Sparql, Unsupported
from cns_build.vocabulary import XSD
from tests.frontend.inputs import EX, Loader

STRING = IRI(XSD + "string")
QUERY = "SELECT $this WHERE { $this ex:p ?value }"
SELECTS = f"a sh:SPARQLSelectValidator ; sh:select '{QUERY}'"
ASKS = "a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER ($value > $low) }'"
BETWEEN = f"""
ex:Between a sh:ConstraintComponent ;
  sh:parameter [ sh:path ex:low ] , [ sh:path ex:high ; sh:optional true ] ;
  sh:labelTemplate "at least {{$low}}" ;
  sh:validator [ {ASKS} ] .
"""


def sparql(shape: Shape) -> Sparql:
    (constraint,) = shape.constraints
    assert isinstance(constraint, Sparql)
    return constraint


def customs(shape: Shape) -> list[Custom]:
    assert all(isinstance(constraint, Custom) for constraint in shape.constraints)
    return [constraint for constraint in shape.constraints if isinstance(constraint, Custom)]


# sh:sparql


def test_a_constraint_has_its_query_and_messages(loader: Loader) -> None:
    shape = loader.shape(
        f"""ex:S a sh:NodeShape ; sh:sparql ex:constraint .
        ex:constraint sh:select "{QUERY}" ; sh:message "no"@en , "nein"@de ; sh:prefixes ex: ."""
    )
    constraint = sparql(shape)
    assert constraint.node == IRI(EX + "constraint")
    assert constraint.select.text == QUERY
    assert constraint.select.prefixes == ()
    assert [message.language for message in constraint.messages] == ["en", "de"]


def test_prefixes_come_from_imports_too(loader: Loader) -> None:
    loader.write(
        """<http://example.org/more> a owl:Ontology ; owl:imports ex:loop , sh: ;
          sh:declare [ sh:prefix "m" ; sh:namespace "http://more/"^^xsd:anyURI ] ,
            [ sh:prefix "" ; sh:namespace "http://empty/"^^xsd:anyURI ] .
        ex:loop a owl:Ontology ; owl:imports <http://example.org/more> ;
          sh:declare [ sh:prefix "m" ; sh:namespace "http://more/"^^xsd:anyURI ] .
        ex:unreached sh:declare [ sh:prefix "m" ; sh:namespace "http://other/"^^xsd:anyURI ] .""",
        "more.ttl",
    )
    shape = loader.load(
        f"""ex:S a sh:NodeShape ; sh:sparql [ sh:select "{QUERY}" ; sh:prefixes ex:own , [
            sh:declare [ sh:prefix "b" ; sh:namespace "http://blank/"^^xsd:anyURI ] ] ] .
        ex:own owl:imports <http://example.org/more> ;
          sh:declare [ sh:prefix "o" ; sh:namespace "http://own/"^^xsd:anyURI ] .""",
        catalog=["more.ttl"],
    ).shapes[IRI(EX + "S")]
    prefixes = dict(sparql(shape).select.prefixes)
    assert prefixes == {
        "o": "http://own/",
        "b": "http://blank/",
        "m": "http://more/",
        "": "http://empty/",
    }


def test_a_shape_can_be_its_own_constraint(loader: Loader) -> None:
    shape = loader.shape(f"ex:S a sh:NodeShape ; sh:sparql ex:S ; sh:select '{QUERY}' .")
    assert sparql(shape).node == shape.node


# Constraint components


def test_a_component_takes_its_parameters_together(loader: Loader) -> None:
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:high 5 ; ex:low 1 . {BETWEEN}")
    (custom,) = customs(shape)
    assert custom.component == IRI(EX + "Between")
    assert [(name, str(term)) for name, term in custom.parameters] == [
        ("low", f'"1"^^<{XSD}integer>'),
        ("high", f'"5"^^<{XSD}integer>'),
    ]
    assert custom.names == ("low", "high")
    assert custom.parameter == "ex:high"  # the first in the text
    assert custom.asks
    assert [label.lexical for label in custom.labels] == ["at least {$low}"]


def test_optional_parameters_may_be_left_out(loader: Loader) -> None:
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:low 1 . {BETWEEN}")
    (custom,) = customs(shape)
    assert [name for name, _ in custom.parameters] == ["low"]
    assert custom.names == ("low", "high")


def test_an_optional_parameter_alone_is_warned_of(loader: Loader) -> None:
    text = f"ex:S a sh:NodeShape ; ex:high 5 . {BETWEEN}"
    assert "ex:high has no effect without ex:low" in loader.warnings(text)


def test_values_of_an_only_parameter_are_constraints_of_their_own(loader: Loader) -> None:
    component = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:low ] ;
      sh:validator [ {ASKS} ] ."""
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:low 1 , 2 , 1 . {component}")
    assert [custom.parameters[0][1] for custom in customs(shape)] == [
        Literal("1", IRI(XSD + "integer")),
        Literal("2", IRI(XSD + "integer")),
    ]


def test_the_kind_of_shape_chooses_the_validator(loader: Loader) -> None:
    component = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:low ] ;
      sh:message "component" ;
      sh:validator [ {ASKS} ] ; sh:propertyValidator [ {SELECTS} ; sh:message "property" ] ."""
    graph = loader.load(
        f"""ex:S a sh:NodeShape ; ex:low 1 ; sh:property ex:P . ex:P sh:path ex:p ; ex:low 1 .
        {component}"""
    )
    (node,) = (c for c in graph.shapes[IRI(EX + "S")].constraints if isinstance(c, Custom))
    (property_,) = customs(graph.shapes[IRI(EX + "P")])
    assert (node.asks, node.messages[0].lexical) == (True, "component")
    assert (property_.asks, property_.messages[0].lexical) == (False, "property")


def test_a_component_for_the_other_kind_of_shape_is_ignored(loader: Loader) -> None:
    component = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:low ] ;
      sh:propertyValidator [ {SELECTS} ] ."""
    assert loader.shape(f"ex:S a sh:NodeShape ; ex:low 1 . {component}").constraints == ()


def test_components_share_parameters(loader: Loader) -> None:
    other = f"""ex:Other a ex:Component ; sh:parameter [ sh:path ex:low ] ;
      sh:validator [ {ASKS} ] . ex:Component rdfs:subClassOf sh:ConstraintComponent ."""
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:low 1 . {BETWEEN} {other}")
    assert {custom.component.value for custom in customs(shape)} == {EX + "Between", EX + "Other"}


def test_values_may_be_blank_nodes(loader: Loader) -> None:
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:low [] . {BETWEEN}")
    (custom,) = customs(shape)
    assert isinstance(custom.parameters[0][1], BlankNode)


@pytest.mark.parametrize(
    "validator", ["", "sh:validator [ a sh:JSValidator ; sh:jsFunctionName 'f' ] ;"]
)
def test_a_component_without_a_query_is_unsupported(loader: Loader, validator: str) -> None:
    component = f"ex:C a sh:ConstraintComponent ; {validator} sh:parameter [ sh:path ex:low ] ."
    shape = loader.shape(f"ex:S a sh:NodeShape ; ex:low 1 . {component}")
    assert [type(constraint) for constraint in shape.constraints] == [Unsupported]


def test_components_of_shacl_are_not_custom(loader: Loader) -> None:
    shape = loader.shape(
        f"""sh:JSConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path sh:js ] ;
          sh:validator [ {ASKS} ] .
        sh:ClassConstraintComponent a sh:ConstraintComponent ;
          sh:parameter [ sh:path sh:class ] ; sh:validator [ {ASKS} ] .
        ex:S a sh:NodeShape ; sh:js [ sh:jsFunctionName 'f' ] ; sh:class ex:D ."""
    )
    assert [type(c).__name__ for c in shape.constraints] == ["Unsupported", "ClassConstraint"]


def test_parameters_can_be_waived(loader: Loader) -> None:
    text = f"ex:S a sh:NodeShape ; ex:low 1 ; sh:sparql [] . {BETWEEN}"
    graph = loader.load(text, waive=["ex:low", "sh:sparql"])
    assert graph.shapes[IRI(EX + "S")].constraints == ()
    assert graph.shapes[IRI(EX + "S")].incomplete
    assert [waiver.name for waiver in graph.waivers] == ["ex:low", "sh:sparql"]


# Syntax rules

COMPONENT = "ex:S ex:low 1 . ex:C a sh:ConstraintComponent ; "
ONE = f"{COMPONENT} sh:parameter [ sh:path ex:low ] ; "
BROKEN = {
    "sparql-nodeKind": "ex:S sh:sparql 'x' .",
    "SPARQLConstraint-select-count": "ex:S sh:sparql [ ] .",
    "SPARQLConstraint-select-datatype": "ex:S sh:sparql [ sh:select 'x'@en ] .",
    "SPARQLConstraint-message-datatype": "ex:S sh:sparql [ sh:select 'x' ; sh:message 1 ] .",
    "SPARQLConstraint-deactivated-maxCount": "ex:S sh:sparql [ sh:select 'x' ; sh:deactivated "
    "false , 'false' ] .",
    "prefixes-nodeKind": "ex:S sh:sparql [ sh:select 'x' ; sh:prefixes 'ex' ] .",
    "prefixes-duplicates": """ex:S sh:sparql [ sh:select 'x' ; sh:prefixes ex: ] . ex: sh:declare
      [ sh:prefix "a" ; sh:namespace "u:a"^^xsd:anyURI ] ,
      [ sh:prefix "a" ; sh:namespace "u:b"^^xsd:anyURI ] .""",
    "declare-nodeKind": "ex:S sh:sparql [ sh:select 'x' ; sh:prefixes [ sh:declare 'a' ] ] .",
    "prefix-count": "ex:S sh:sparql [ sh:select 'x' ; sh:prefixes [ sh:declare [ ] ] ] .",
    "prefix-datatype": """ex:S sh:sparql [ sh:select 'x' ; sh:prefixes [ sh:declare
      [ sh:prefix 1 ; sh:namespace "u:a"^^xsd:anyURI ] ] ] .""",
    "namespace-count": """ex:S sh:sparql [ sh:select 'x' ; sh:prefixes [ sh:declare
      [ sh:prefix "a" ; sh:namespace "u:a"^^xsd:anyURI , "u:b"^^xsd:anyURI ] ] ] .""",
    "namespace-datatype": """ex:S sh:sparql [ sh:select 'x' ; sh:prefixes [ sh:declare
      [ sh:prefix "a" ; sh:namespace "u:a" ] ] ] .""",
    "ConstraintComponent": f"""ex:S ex:low 1 . [] a sh:ConstraintComponent ;
      sh:parameter [ sh:path ex:low ] ; sh:validator [ {ASKS} ] .""",
    "ConstraintComponent-parameter": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ; sh:optional true ] .""",
    "Parameter": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ] , [ sh:path [ sh:inversePath ex:p ] ] .""",
    "Parameter-predicate-count": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low , ex:high ] .""",
    "parameter-name-VARNAME": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ] , [ sh:path ex:more-low ] .""",
    "parameter-name-not-in": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ] , [ sh:path ex:value ] .""",
    "parameter-name-unique": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ] , [ sh:path <u:low> ] .""",
    "optional-datatype": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ; sh:optional "true" ] .""",
    "optional-maxCount": f"""{COMPONENT} sh:validator [ {ASKS} ] ;
      sh:parameter [ sh:path ex:low ; sh:optional true , false ] .""",
    "labelTemplate-datatype": f"{ONE} sh:labelTemplate 1 ; sh:validator [ {ASKS} ] .",
    "message-datatype": f"{ONE} sh:message 1 ; sh:validator [ {ASKS} ] .",
    "multiple-parameters": f"ex:S ex:low 1 , 2 . {BETWEEN}",
    "nodeValidator-class": f"{ONE} sh:nodeValidator [ {ASKS} ] .",
    "propertyValidator-class": f"""ex:S sh:property [ sh:path ex:p ; ex:low 1 ] . {ONE}
      sh:validator [ {ASKS} ] ; sh:propertyValidator [ sh:select 'x' ] .""",
    "validator-class": f"{ONE} sh:validator [ {SELECTS} ] .",
    "SPARQLSelectValidator-select-count": f"""{ONE}
      sh:nodeValidator [ a sh:SPARQLSelectValidator ] .""",
    "select-query-valid": f"""{ONE}
      sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:select 1 ] .""",
    "ask-count": f"{ONE} sh:validator [ a sh:SPARQLAskValidator ] .",
    "ask-datatype": f"{ONE} sh:validator [ a sh:SPARQLAskValidator ; sh:ask 1 ] .",
}
OF_QUERIES = {"ask-sparql", "select-query-this", "PATH-position", "pre-binding-limitations"}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_named_with_its_place(loader: Loader, rule: str) -> None:
    said = loader.errors(loader.write(f"ex:S a sh:NodeShape .\n{BROKEN[rule]}\n"))
    first = said.splitlines()[0]
    assert first.startswith("shapes.ttl:")
    assert ": error: " in first
    assert "; " in first  # what to do about it
    assert first.endswith(f"[{rule}]")
    assert said.count(": error: ") == 1


def test_each_rule_has_an_input_that_breaks_it() -> None:
    core = {"message-datatype", "multiple-parameters"}
    assert set(BROKEN) - core == set(SPARQL_RULES) - OF_QUERIES
