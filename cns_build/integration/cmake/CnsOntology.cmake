# SPDX-License-Identifier: Apache-2.0
# cns_add_ontology: shapes as a static library of records and their handlers.

# cns_add_ontology(<target> NAME <name> [SHAPES <file>…] [ONTOLOGIES <file>…] [<option>…])
#
# Compiles shapes to C, and the C to the static library cns_<name>, and links it to the target.
# Without shapes, the ontologies become a vocabulary. Options are those of `cnsc compile`, in
# capital letters and with _ for -.
function(cns_add_ontology target)
  set(switches DETAIL INLINE_STRINGS INSTALL_HEADER LAYOUT MAP NO_OPTIMIZE TRUST_TEXT)
  set(values
    AXIOMS DEPTH ENGINE EXISTS INSTALL_DIR NAME REPORT STACK_BUDGET STRINGS SUMMARY TICK_BUDGET)
  set(lists
    ARGS BIND CAPACITY CATALOG IMPORTS INFER KIND ONTOLOGIES QUERIED RECORD SHAPES STACK_EXTERNAL
    UNCHECKED WAIVE)
  cmake_parse_arguments(PARSE_ARGV 1 CNS "${switches}" "${values}" "${lists}")
  _cns_check_arguments(cns_add_ontology)
  _cns_check_names(${target})
  _cns_check_pair(STACK_EXTERNAL STACK_BUDGET)
  _cns_check_pair(INSTALL_DIR INSTALL_HEADER)

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/cns_${CNS_NAME}")
  set(base "${folder}/${CNS_NAME}")
  file(MAKE_DIRECTORY "${folder}")
  foreach(name IN ITEMS SHAPES ONTOLOGIES BIND CATALOG IMPORTS)
    _cns_absolute(CNS_${name} "${CMAKE_CURRENT_SOURCE_DIR}" ${CNS_${name}})
  endforeach()
  list(PREPEND CNS_CATALOG ${CNS_IMPORTS})
  _cns_options(options
    SWITCHES DETAIL INLINE_STRINGS LAYOUT NO_OPTIMIZE TRUST_TEXT
    VALUES AXIOMS DEPTH ENGINE EXISTS REPORT STRINGS TICK_BUDGET
    LISTS BIND CAPACITY CATALOG INFER KIND QUERIED RECORD UNCHECKED WAIVE)
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
  set(shapes ${CNS_SHAPES})
  if(shapes)
    list(PREPEND shapes --shapes)
  endif()
  _cns_generate(${CNS_NAME}
    COMMAND compile ${CNS_ONTOLOGIES} ${shapes} --name "${CNS_NAME}"
      -o "${base}.c" "${base}.h" ${options} ${CNS_ARGS}
    OUTPUTS ${outputs}
    READS ${CNS_SHAPES} ${CNS_ONTOLOGIES} ${CNS_BIND} ${CNS_IMPORTS})

  add_library(cns_${CNS_NAME} STATIC EXCLUDE_FROM_ALL)
  _cns_generated_source(cns_${CNS_NAME} ${CNS_NAME})
  target_include_directories(cns_${CNS_NAME} PUBLIC "$<BUILD_INTERFACE:${folder}>")
  target_link_libraries(cns_${CNS_NAME} PUBLIC cns_runtime)
  if(DEFINED CNS_STACK_BUDGET)
    _cns_check_stack()
  endif()
  if(CNS_INSTALL_HEADER)
    _cns_install_headers("${base}.h" "${CNS_INSTALL_DIR}")
  endif()

  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_link_libraries(${target} INTERFACE cns_${CNS_NAME})
  else()
    target_link_libraries(${target} PUBLIC cns_${CNS_NAME})
  endif()
endfunction()

# Stops the configuration where cns_add_ontology cannot make its library, or link it.
macro(_cns_check_names target)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "cns_add_ontology: ${target} is no target: add_executable() comes first")
  elseif(NOT CNS_NAME MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "cns_add_ontology: NAME begins the names of C functions, and '${CNS_NAME}' "
      "is no C identifier in lower case")
  elseif(CNS_NAME MATCHES "^(host|runtime)$")
    message(FATAL_ERROR "cns_add_ontology: cns_${CNS_NAME} is a library of cns itself: choose "
      "another NAME than ${CNS_NAME}")
  elseif(TARGET cns_${CNS_NAME})
    message(FATAL_ERROR "cns_add_ontology: there is a ${CNS_NAME} already; to use it once more: "
      "target_link_libraries(${target} PRIVATE cns_${CNS_NAME})")
  endif()
endmacro()

# Stops the configuration where a keyword of cns_add_ontology is given that is about another one.
macro(_cns_check_pair keyword other)
  if(CNS_${keyword} AND NOT CNS_${other})
    message(FATAL_ERROR "cns_add_ontology: ${keyword} is about ${other}, and there is none: add it, "
      "or leave ${keyword} out")
  endif()
endmacro()

# Fails the build where a handler of the model CNS_NAME can take more stack than CNS_STACK_BUDGET;
# whoever links the model waits for that, and can include <name>_stack.h.
function(_cns_check_stack)
  _cns_masquerade(masquerade)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU" OR CMAKE_C_COMPILER_VERSION VERSION_LESS 11)
    message(FATAL_ERROR "STACK_BUDGET needs the call graphs of gcc 11 or later, and the compiler "
      "is ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}: use gcc, or leave it out")
  elseif(masquerade)
    message(FATAL_ERROR "STACK_BUDGET needs call graphs, and ${CMAKE_C_COMPILER} is "
      "${masquerade}, which keeps objects without them: name it with CMAKE_C_COMPILER_LAUNCHER")
  endif()
  set(measured cns_${CNS_NAME} cns_runtime)
  foreach(library IN LISTS measured)
    # Compiler caches keep objects without their call graphs; with -flto, frames come at the link.
    set_target_properties(${library} PROPERTIES C_COMPILER_LAUNCHER "")
    target_compile_options(${library} PRIVATE -fcallgraph-info=su -fno-lto)
  endforeach()

  get_property(multiple GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/cns_${CNS_NAME}")
  if(multiple)
    string(APPEND folder "/$<CONFIG>")
  endif()
  set(base "${folder}/${CNS_NAME}_stack")
  _cns_compiled_depth(depth)
  set(options --budget "${CNS_STACK_BUDGET}" --depth "${depth}")
  foreach(value IN LISTS CNS_STACK_EXTERNAL)
    list(APPEND options --external "${value}")
  endforeach()
  set(objects "$<TARGET_OBJECTS:cns_${CNS_NAME}>" "$<TARGET_OBJECTS:cns_runtime>")
  add_custom_command(
    OUTPUT "${base}.stamp"
    BYPRODUCTS "${base}.h"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
    COMMAND "${CNSC}" stack ${objects} --name "${CNS_NAME}" -o "${base}.h" ${options}
    COMMAND "${CMAKE_COMMAND}" -E touch "${base}.stamp"
    DEPENDS ${objects}
    COMMENT "Measuring the stack of ${CNS_NAME}"
    COMMAND_EXPAND_LISTS
    VERBATIM)
  add_custom_target(cns_${CNS_NAME}_stack DEPENDS "${base}.stamp")
  add_dependencies(cns_${CNS_NAME}_stack ${measured})
  # The library cannot wait for what measures it; those who link it can.
  add_library(cns_${CNS_NAME}_measured INTERFACE)
  add_dependencies(cns_${CNS_NAME}_measured cns_${CNS_NAME}_stack)
  target_include_directories(cns_${CNS_NAME}_measured INTERFACE "${folder}")
  target_link_libraries(cns_${CNS_NAME}
    INTERFACE "$<BUILD_INTERFACE:cns_${CNS_NAME}_measured>")
endfunction()

# Sets `result` to the depth that the model is compiled with: ARGS come last, so they win.
function(_cns_compiled_depth result)
  if(DEFINED CNS_DEPTH)
    set(depth "${CNS_DEPTH}")
  else()
    set(options "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../options.py")
    file(STRINGS "${options}" depth REGEX "^DEFAULT_DEPTH = ")
    string(REGEX MATCH "[0-9]+" depth "${depth}")
  endif()
  if("${CNS_ARGS};" MATCHES "^(.*;)?--depth[=;]([^;]+);")
    set(depth "${CMAKE_MATCH_2}")
  endif()
  set(${result} "${depth}" PARENT_SCOPE)
endfunction()

# Installs the header of a model into a folder, else that of headers, with the runtime's beside it.
function(_cns_install_headers header folder)
  get_property(runtime GLOBAL PROPERTY CNS_RUNTIME_DIR)
  set(place TYPE INCLUDE)
  if(folder)
    set(place DESTINATION "${folder}")
  endif()
  install(FILES "${header}" ${place} COMPONENT devel)
  install(DIRECTORY "${runtime}/include/cns" TYPE INCLUDE COMPONENT devel
    FILES_MATCHING PATTERN cns.h)
endfunction()
