# SPDX-License-Identifier: Apache-2.0
# find_package(Cns): SHACL shapes as sources of a CMakeLists.txt.
#
#   find_package(Cns REQUIRED)
#   add_executable(thermostat main.c)
#   cns_add_ontology(thermostat NAME sensors ONTOLOGIES sensors.ttl SHAPES sensors.shacl)
#
# The generator is the cnsc that was installed with this file; the runtime is compiled in the
# project, with its compiler. docs/cmake.md is the reference.
cmake_minimum_required(VERSION 3.20)

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH _cns_package)
cmake_path(GET _cns_package PARENT_PATH _cns_package)

get_property(_cns_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
if(NOT "C" IN_LIST _cns_languages)
  set(Cns_FOUND FALSE)
  set(Cns_NOT_FOUND_MESSAGE "cns generates C: add C to the languages of project()")
  return()
endif()

# A wheel has cnsc in the bin folder above lib/python3.x/site-packages/cns_build; a source tree
# has it on PATH.
find_program(CNSC cnsc
  HINTS "${_cns_package}/../../../../bin"
  NO_CMAKE_FIND_ROOT_PATH
  DOC "The compiler of SHACL shapes")
if(NOT CNSC)
  set(Cns_FOUND FALSE)
  set(Cns_NOT_FOUND_MESSAGE "no cnsc on PATH: activate its environment, or pass -DCNSC=…")
  return()
endif()
execute_process(
  COMMAND "${CNSC}" --print cmake-dir
  OUTPUT_VARIABLE _cns_folder
  OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET)
file(REAL_PATH "${CMAKE_CURRENT_LIST_DIR}" _cns_here)
if(NOT _cns_folder STREQUAL _cns_here)
  set(Cns_FOUND FALSE)
  set(Cns_NOT_FOUND_MESSAGE "${CNSC} belongs to another cns: pass -DCNSC=… of this one")
  return()
endif()

set(CNS_MARCH "native" CACHE STRING
  "The processor of generated code in native builds; native: this one, in Release builds")

# The runtime lies inside the package in a wheel, and beside it in a source tree.
foreach(_cns_folder IN ITEMS "${_cns_package}" "${_cns_package}/..")
  if(EXISTS "${_cns_folder}/runtime/include/cns/cns.h")
    cmake_path(SET Cns_RUNTIME_DIR NORMALIZE "${_cns_folder}/runtime")
  endif()
endforeach()

# Gives a static library the properties and flags of code that is not the project's.
function(_cns_own_flags library)
  set_target_properties(${library} PROPERTIES
    C_EXTENSIONS OFF
    C_STANDARD 11
    C_STANDARD_REQUIRED ON
    C_VISIBILITY_PRESET hidden
    COMPILE_WARNING_AS_ERROR OFF
    UNITY_BUILD OFF)
  # Position-independent tables hold addresses to be set at start: they would fill a board's RAM.
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "Generic")
    set_target_properties(${library} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  if(NOT CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    return()
  endif()
  _cns_machine_flags(machine)
  # NaN and -0.0 decide results, so -ffast-math of the project is undone: this comes last.
  target_compile_options(${library} PRIVATE ${machine} -Wno-error -fno-fast-math)
endfunction()

# Sets `result` to the flags that name the target's instructions: those of the toolchain file in
# cross builds, else CNS_MARCH.
function(_cns_machine_flags result)
  set(flags)
  if(NOT CMAKE_CROSSCOMPILING AND CNS_MARCH)
    set(flags "-march=${CNS_MARCH}")
    if(CNS_MARCH STREQUAL "native")
      _cns_native_flags(flags)
      list(PREPEND flags -O3)
      list(TRANSFORM flags REPLACE "^.+$" "$<$<CONFIG:Release>:\\0>")
    endif()
  endif()
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# Sets `result` to -march=native where the compiler knows it. A compiler launcher may share objects
# with other machines: then to what that means to gcc here, spelled out; nothing where it won't say.
# The processor's name alone would not do: a virtual machine may hide instructions that the named
# processor has, which gcc then excludes one by one.
function(_cns_native_flags result)
  set(${result} PARENT_SCOPE)
  execute_process(
    COMMAND "${CMAKE_C_COMPILER}" -march=native -E -v -x c /dev/null
    OUTPUT_QUIET
    ERROR_VARIABLE shown
    RESULT_VARIABLE failed)
  if(failed)
    return()
  endif()
  cmake_path(GET CMAKE_C_COMPILER FILENAME compiler)
  if(NOT CMAKE_C_COMPILER_LAUNCHER AND NOT compiler MATCHES "^(ccache|sccache|distcc|icecc)$")
    set(${result} -march=native PARENT_SCOPE)
    return()
  endif()
  string(REGEX MATCH "[^\n]*cc1[^\n]* -march=[^\n]*" line "${shown}")
  separate_arguments(words UNIX_COMMAND "${line}")
  list(FILTER words INCLUDE REGEX "^-m")
  list(REMOVE_ITEM words -march=native)
  set(${result} "${words}" PARENT_SCOPE)
endfunction()

# The runtime, compiled once per project: the library of whoever looks for the package first.
if(NOT TARGET Cns::runtime)
  file(GLOB _cns_sources "${Cns_RUNTIME_DIR}/*.c")
  add_library(cns_runtime STATIC EXCLUDE_FROM_ALL ${_cns_sources})
  add_library(Cns::runtime ALIAS cns_runtime)
  target_include_directories(cns_runtime SYSTEM PUBLIC "${Cns_RUNTIME_DIR}/include")
  _cns_own_flags(cns_runtime)
endif()

# cns_add_ontology(<target> NAME <name> SHAPES <file>… [ONTOLOGIES <file>…] [<option>…])
#
# Compiles shapes to C, and the C to the static library cns_<name>, and links it to the target.
# Without shapes, the ontologies become a vocabulary.
# Options are those of `cnsc compile`, in capital letters and with _ for -.
function(cns_add_ontology target)
  set(switches DETAIL INLINE_STRINGS LAYOUT MAP NO_OPTIMIZE TRUST_TEXT)
  set(values AXIOMS DEPTH ENGINE EXISTS NAME REPORT STRINGS SUMMARY TICK_BUDGET)
  set(lists ARGS BIND CAPACITY CATALOG INFER KIND ONTOLOGIES QUERIED RECORD SHAPES UNCHECKED WAIVE)
  cmake_parse_arguments(PARSE_ARGV 1 CNS "${switches}" "${values}" "${lists}")
  # After a list, a misspelled keyword looks like one more file.
  set(files ${CNS_SHAPES} ${CNS_ONTOLOGIES} ${CNS_BIND} ${CNS_CATALOG})
  list(FILTER files INCLUDE REGEX "^[A-Z]+(_[A-Z]+)*$")
  list(APPEND CNS_UNPARSED_ARGUMENTS ${files})
  _cns_check_call(${target})

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/cns_${CNS_NAME}")
  set(base "${folder}/${CNS_NAME}")
  file(MAKE_DIRECTORY "${folder}")
  foreach(name IN ITEMS SHAPES ONTOLOGIES BIND CATALOG)
    _cns_absolute(CNS_${name} "${CMAKE_CURRENT_SOURCE_DIR}" ${CNS_${name}})
  endforeach()

  set(options)
  foreach(name IN LISTS switches)
    if(CNS_${name} AND NOT name STREQUAL "MAP")
      _cns_option_name(${name} option)
      list(APPEND options "${option}")
    endif()
  endforeach()
  foreach(name IN ITEMS AXIOMS DEPTH ENGINE EXISTS REPORT STRINGS TICK_BUDGET)
    if(DEFINED CNS_${name})
      _cns_option_name(${name} option)
      list(APPEND options "${option}" "${CNS_${name}}")
    endif()
  endforeach()
  foreach(name IN ITEMS BIND CAPACITY CATALOG INFER KIND QUERIED RECORD UNCHECKED WAIVE)
    _cns_option_name(${name} option)
    foreach(value IN LISTS CNS_${name})
      list(APPEND options "${option}" "${value}")
    endforeach()
  endforeach()
  set(shapes)
  if(CNS_SHAPES)
    set(shapes --shapes ${CNS_SHAPES})
  endif()
  set(outputs "${base}.c" "${base}.h")
  if(CNS_MAP OR CNS_STRINGS STREQUAL "ids")
    list(APPEND outputs "${base}.map.json")
    list(APPEND options --map "${base}.map.json")
  endif()
  if(DEFINED CNS_SUMMARY)
    _cns_absolute(summary "${CMAKE_CURRENT_BINARY_DIR}" "${CNS_SUMMARY}")
    list(APPEND outputs "${summary}")
    list(APPEND options --summary "${summary}")
  endif()

  # Make compares times: with the stamp newer than the shapes it is at rest, while C that would not
  # change keeps its time, and is not compiled again. It would touch a second OUTPUT by itself.
  add_custom_command(
    OUTPUT "${base}.stamp"
    BYPRODUCTS ${outputs}
    COMMAND "${CNSC}" compile ${CNS_ONTOLOGIES} ${shapes} --name "${CNS_NAME}"
      -o "${base}.c" "${base}.h" --depfile "${base}.d" --stamp "${base}.stamp"
      ${options} ${CNS_ARGS}
    DEPENDS ${CNS_SHAPES} ${CNS_ONTOLOGIES} ${CNS_BIND}
    DEPFILE "${base}.d"
    COMMENT "Generating ${CNS_NAME}.c"
    VERBATIM)
  add_custom_target(cns_${CNS_NAME}_generated DEPENDS "${base}.stamp")

  add_library(cns_${CNS_NAME} STATIC EXCLUDE_FROM_ALL "${base}.c")
  set_source_files_properties("${base}.c" PROPERTIES GENERATED ON)
  add_dependencies(cns_${CNS_NAME} cns_${CNS_NAME}_generated)
  target_include_directories(cns_${CNS_NAME} PUBLIC "${folder}")
  target_link_libraries(cns_${CNS_NAME} PUBLIC Cns::runtime)
  _cns_own_flags(cns_${CNS_NAME})

  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_link_libraries(${target} INTERFACE cns_${CNS_NAME})
  else()
    target_link_libraries(${target} PUBLIC cns_${CNS_NAME})
  endif()
endfunction()

# Stops the configuration where the arguments of cns_add_ontology, CNS_…, are wrong.
macro(_cns_check_call target)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "cns_add_ontology: ${target} is no target: add_executable() comes first")
  elseif(CNS_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cns_add_ontology: unknown arguments: ${CNS_UNPARSED_ARGUMENTS}; known: "
      "${switches};${values};${lists}")
  elseif(CNS_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "cns_add_ontology: no value: ${CNS_KEYWORDS_MISSING_VALUES}")
  elseif(NOT CNS_NAME MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "cns_add_ontology: NAME begins the names of C functions, and '${CNS_NAME}' "
      "is no C identifier in lower case")
  elseif(NOT CNS_SHAPES AND NOT CNS_ONTOLOGIES)
    message(FATAL_ERROR "cns_add_ontology: ${CNS_NAME} has neither SHAPES nor ONTOLOGIES: name a "
      "file of one")
  elseif(TARGET cns_${CNS_NAME})
    message(FATAL_ERROR "cns_add_ontology: there is a ${CNS_NAME} already; to use it once more: "
      "target_link_libraries(${target} PRIVATE cns_${CNS_NAME})")
  endif()
endmacro()

# Sets `result` to the option of cnsc that a keyword stands for: TICK_BUDGET is --tick-budget.
function(_cns_option_name keyword result)
  string(TOLOWER "--${keyword}" option)
  string(REPLACE "_" "-" option "${option}")
  set(${result} "${option}" PARENT_SCOPE)
endfunction()

# Sets `result` to these paths, those relative to `folder` made absolute.
function(_cns_absolute result folder)
  set(paths)
  foreach(path IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${folder}" NORMALIZE)
    list(APPEND paths "${path}")
  endforeach()
  set(${result} "${paths}" PARENT_SCOPE)
endfunction()
