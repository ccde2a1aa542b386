# SPDX-License-Identifier: Apache-2.0
# find_package(Cns): SHACL shapes as sources of a CMakeLists.txt.
#
#   find_package(Cns REQUIRED)
#   add_executable(thermostat main.c)
#   cns_add_ontology(thermostat NAME sensors ONTOLOGIES sensors.ttl SHAPES sensors.shacl)
#   cns_add_validator(check ONTOLOGIES sensors.ttl SHAPES sensors.shacl)
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

# Functions are known everywhere, variables only below the folder that looked for the package.
set_property(GLOBAL PROPERTY CNS_RUNTIME_DIR "${Cns_RUNTIME_DIR}")
set_property(GLOBAL PROPERTY CNS_VERSION "${Cns_VERSION}")

# Gives a target the properties and flags of code that is not the project's.
function(_cns_own_flags target)
  set_target_properties(${target} PROPERTIES
    C_EXTENSIONS OFF
    C_STANDARD 11
    C_STANDARD_REQUIRED ON
    C_VISIBILITY_PRESET hidden
    COMPILE_WARNING_AS_ERROR OFF
    UNITY_BUILD OFF)
  # Position-independent tables hold addresses to be set at start: they would fill a board's RAM.
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "Generic")
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  if(NOT CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    return()
  endif()
  _cns_machine_flags(machine)
  # NaN and -0.0 decide results, so -ffast-math of the project is undone: this comes last.
  target_compile_options(${target} PRIVATE ${machine} -Wno-error -fno-fast-math)
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
  separate_arguments(first UNIX_COMMAND "${CMAKE_C_COMPILER_ARG1}")  # CC="ccache gcc"
  execute_process(
    COMMAND "${CMAKE_C_COMPILER}" ${first} -march=native -E -v -x c /dev/null
    OUTPUT_QUIET
    ERROR_VARIABLE shown
    RESULT_VARIABLE failed)
  if(failed)
    return()
  endif()
  _cns_masquerade(masquerade)
  if(NOT CMAKE_C_COMPILER_LAUNCHER AND NOT masquerade)
    set(${result} -march=native PARENT_SCOPE)
    return()
  endif()
  string(REGEX MATCH "[^\n]*cc1[^\n]* -march=[^\n]*" line "${shown}")
  separate_arguments(words UNIX_COMMAND "${line}")
  list(FILTER words INCLUDE REGEX "^-m")
  list(REMOVE_ITEM words -march=native)
  set(${result} "${words}" PARENT_SCOPE)
endfunction()

# Sets `result` to the launcher that the compiler is a link to, such as /usr/lib/ccache/gcc.
function(_cns_masquerade result)
  file(REAL_PATH "${CMAKE_C_COMPILER}" compiler)
  cmake_path(GET compiler FILENAME name)
  if(NOT name MATCHES "^(ccache|sccache|distcc|icecc)$")
    set(name)
  endif()
  set(${result} "${name}" PARENT_SCOPE)
endfunction()

# The runtime, compiled once per project: the library of whoever looks for the package first.
if(NOT TARGET Cns::runtime)
  file(GLOB _cns_sources "${Cns_RUNTIME_DIR}/*.c")
  add_library(cns_runtime STATIC EXCLUDE_FROM_ALL ${_cns_sources})
  add_library(Cns::runtime ALIAS cns_runtime)
  target_include_directories(cns_runtime
    SYSTEM PUBLIC "$<BUILD_INTERFACE:${Cns_RUNTIME_DIR}/include>")
  _cns_own_flags(cns_runtime)
endif()

# Declares how files are generated: _cns_generate(<name> COMMAND <word>… OUTPUTS <file>…
# READS <file>…) runs cnsc in the target cns_<name>_generated; cnsc writes <name>.stamp and its
# depfile into the folder cns_<name>.
#
# Make compares times: with the stamp newer than the shapes it is at rest, while C that would not
# change keeps its time, and is not compiled again. It would touch a second OUTPUT by itself.
function(_cns_generate name)
  cmake_parse_arguments(PARSE_ARGV 1 RULE "" "" "COMMAND;OUTPUTS;READS")
  set(base "${CMAKE_CURRENT_BINARY_DIR}/cns_${name}/${name}")
  # An upgrade generates again, whatever the dates of its files say.
  get_property(version GLOBAL PROPERTY CNS_VERSION)
  file(CONFIGURE OUTPUT "${base}.rule" CONTENT "@version@ @RULE_COMMAND@\n" @ONLY)
  _cns_forget_files(forget ${name})
  add_custom_command(
    OUTPUT "${base}.stamp"
    BYPRODUCTS ${RULE_OUTPUTS}
    COMMAND "${CNSC}" ${RULE_COMMAND} --depfile "${base}.d" --stamp "${base}.stamp"
    ${forget}
    DEPENDS ${RULE_READS} "${base}.rule"
    DEPFILE "${base}.d"
    COMMENT "Generating ${name}.c"
    VERBATIM)
  add_custom_target(cns_${name}_generated DEPENDS "${base}.stamp")
endfunction()

# Sets `result` to a command that lets Makefiles forget what was read before. Those of CMake before
# 4.0 add what a new depfile names, and would wait for ever for an import that is gone.
function(_cns_forget_files result name)
  set(${result} PARENT_SCOPE)
  if(CMAKE_GENERATOR MATCHES "Makefiles" AND CMAKE_VERSION VERSION_LESS 4.0)
    set(known "CMakeFiles/cns_${name}_generated.dir/compiler_depend.internal")
    set(command COMMAND "${CMAKE_COMMAND}" -E rm -f "${CMAKE_CURRENT_BINARY_DIR}/${known}")
    set(${result} "${command}" PARENT_SCOPE)
  endif()
endfunction()

# Makes generated C a source of a target, which waits for it.
function(_cns_generated_source target name)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/cns_${name}/${name}.c")
  set_source_files_properties("${source}" PROPERTIES GENERATED ON)
  target_sources(${target} PRIVATE "${source}")
  add_dependencies(${target} cns_${name}_generated)
  _cns_own_flags(${target})
endfunction()

# Stops the configuration where the arguments of a call, CNS_…, are wrong.
macro(_cns_check_arguments call)
  # After a list, a misspelled keyword looks like one more file.
  set(files ${CNS_SHAPES} ${CNS_ONTOLOGIES} ${CNS_BIND} ${CNS_CATALOG} ${CNS_IMPORTS})
  list(FILTER files INCLUDE REGEX "^[A-Z]+(_[A-Z]+)*$")
  list(APPEND CNS_UNPARSED_ARGUMENTS ${files})
  if(CNS_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${call}: unknown arguments: ${CNS_UNPARSED_ARGUMENTS}; known: "
      "${switches};${values};${lists}")
  elseif(CNS_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${call}: no value: ${CNS_KEYWORDS_MISSING_VALUES}")
  elseif(NOT CNS_SHAPES AND NOT CNS_ONTOLOGIES)
    message(FATAL_ERROR "${call}: neither SHAPES nor ONTOLOGIES: name a file of one")
  endif()
endmacro()

# Sets `result` to the options of cnsc that the keywords of a call, CNS_…, ask for:
# _cns_options(<result> SWITCHES <keyword>… VALUES <keyword>… LISTS <keyword>…).
function(_cns_options result)
  cmake_parse_arguments(PARSE_ARGV 1 OF "" "" "SWITCHES;VALUES;LISTS")
  set(options)
  foreach(keyword IN LISTS OF_SWITCHES OF_VALUES OF_LISTS)
    string(TOLOWER "--${keyword}" option)
    string(REPLACE "_" "-" option "${option}")
    if(NOT keyword IN_LIST OF_SWITCHES)
      foreach(value IN LISTS CNS_${keyword})
        list(APPEND options "${option}" "${value}")
      endforeach()
    elseif(CNS_${keyword})
      list(APPEND options "${option}")
    endif()
  endforeach()
  set(${result} "${options}" PARENT_SCOPE)
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

include("${CMAKE_CURRENT_LIST_DIR}/CnsOntology.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/CnsValidator.cmake")
