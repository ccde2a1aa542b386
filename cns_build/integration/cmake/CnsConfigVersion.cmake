# SPDX-License-Identifier: Apache-2.0
# The version of the package that this file lies in; find_package(Cns 0.1) asks for it.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../../__init__.py" PACKAGE_VERSION REGEX "^__version__ = ")
string(REGEX REPLACE "^.*\"(.*)\".*$" "\\1" PACKAGE_VERSION "${PACKAGE_VERSION}")

# Before 1.0, a new minor version may break; from then on, a new major one.
string(REGEX MATCH "^(0\\.[0-9]+|[0-9]+)" offered "${PACKAGE_VERSION}")
string(REGEX MATCH "^(0\\.[0-9]+|[0-9]+)" wanted "${PACKAGE_FIND_VERSION}")
if(PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION AND wanted VERSION_EQUAL offered)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
