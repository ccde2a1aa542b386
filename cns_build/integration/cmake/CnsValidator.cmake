# SPDX-License-Identifier: Apache-2.0
# cns_add_validator: shapes as a program that validates RDF data.
include(CheckCSourceCompiles)

# cns_add_validator(<name> [SHAPES <file>…] [ONTOLOGIES <file>…] [<option>…])
#
# Adds an executable. Options are those of `cnsc validator`, in capital letters.
function(cns_add_validator name)
  set(switches STRICT)
  set(values AXIOMS EXISTS INFERENCE RECURSION)
  set(lists ARGS CATALOG IMPORTS INFER ONTOLOGIES SHAPES WAIVE)
  cmake_parse_arguments(PARSE_ARGV 1 CNS "${switches}" "${values}" "${lists}")
  _cns_check_arguments(cns_add_validator)
  if(TARGET ${name} OR TARGET cns_${name}_generated)
    message(FATAL_ERROR "cns_add_validator: there is a ${name} already: choose another name")
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Generic")
    message(FATAL_ERROR "cns_add_validator: ${name} is a program for an operating system, and "
      "CMAKE_SYSTEM_NAME says that there is none: leave it out of this build")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/cns_${name}")
  file(MAKE_DIRECTORY "${folder}")
  foreach(files IN ITEMS SHAPES ONTOLOGIES CATALOG IMPORTS)
    _cns_absolute(CNS_${files} "${CMAKE_CURRENT_SOURCE_DIR}" ${CNS_${files}})
  endforeach()
  list(PREPEND CNS_CATALOG ${CNS_IMPORTS})
  # Reports name shapes by their files, and shall be the same wherever the project lies.
  _cns_relative(shapes ${CNS_SHAPES})
  _cns_relative(ontologies ${CNS_ONTOLOGIES})
  if(shapes)
    list(PREPEND shapes --shapes)
  endif()
  if(ontologies)
    list(PREPEND ontologies --ontology)
  endif()
  _cns_options(options
    SWITCHES STRICT VALUES AXIOMS EXISTS INFERENCE RECURSION LISTS CATALOG INFER WAIVE)
  _cns_generate(${name}
    COMMAND validator ${shapes} ${ontologies} --emit-c "${folder}/${name}.c"
      ${options} ${CNS_ARGS}
    OUTPUTS "${folder}/${name}.c"
    READS ${CNS_SHAPES} ${CNS_ONTOLOGIES} ${CNS_IMPORTS})

  _cns_add_host()
  add_executable(${name})
  _cns_generated_source(${name} ${name})
  target_link_libraries(${name} PRIVATE cns_host)
endfunction()

# Sets `result` to these paths as seen from the folder that commands run in, if in the project.
function(_cns_relative result)
  set(paths)
  foreach(path IN LISTS ARGN)
    cmake_path(IS_PREFIX CMAKE_SOURCE_DIR "${path}" NORMALIZE inside)
    if(inside)
      cmake_path(RELATIVE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    endif()
    list(APPEND paths "${path}")
  endforeach()
  set(${result} "${paths}" PARENT_SCOPE)
endfunction()

# Declares what validators share, once per project: the library cns_host.
function(_cns_add_host)
  if(TARGET cns_host)
    return()
  endif()
  get_property(runtime GLOBAL PROPERTY CNS_RUNTIME_DIR)
  file(GLOB sources "${runtime}/host/*.c")
  add_library(cns_host STATIC EXCLUDE_FROM_ALL ${sources})
  target_include_directories(cns_host SYSTEM PUBLIC "${runtime}")
  target_link_libraries(cns_host PUBLIC cns_runtime)
  _cns_own_flags(cns_host)

  find_package(Threads REQUIRED)
  target_link_libraries(cns_host PUBLIC ${CMAKE_THREAD_LIBS_INIT})
  if(UNIX)
    target_link_libraries(cns_host PUBLIC m)
  endif()
  find_package(ZLIB QUIET)
  _cns_add_reader(ZLIB zlib.h "zlibVersion() == 0" "${ZLIB_INCLUDE_DIRS}" "${ZLIB_LIBRARIES}")
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(CNS_SERD QUIET serd-0)
  endif()
  _cns_add_reader(SERD serd/serd.h "serd_uri_string_has_scheme(0)"
    "${CNS_SERD_INCLUDE_DIRS}" "${CNS_SERD_LINK_LIBRARIES}")
endfunction()

# Lets validators read what a library reads, if programs for the target link with it: in cross
# builds, what was found may be the library of this machine.
function(_cns_add_reader name header call folders libraries)
  if(NOT libraries)
    return()
  endif()
  set(CMAKE_REQUIRED_INCLUDES ${folders})
  set(CMAKE_REQUIRED_LIBRARIES ${libraries})
  set(CMAKE_REQUIRED_QUIET ON)
  check_c_source_compiles(
    "#include <${header}>\nint main(void) { return ${call}; }" CNS_LINKS_${name})
  if(CNS_LINKS_${name})
    target_compile_definitions(cns_host PRIVATE CNS_WITH_${name})
    target_include_directories(cns_host SYSTEM PRIVATE ${folders})
    target_link_libraries(cns_host PUBLIC ${libraries})
  endif()
endfunction()
