# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` gives: the program, and for other programs the PMML scorer, as the C++ target provecho::pmml
# (static; rooms base and pmml, nothing of the others) and as the shared library libprovecho_pmml.so with a C interface,
# provecho::pmml_c. Components: program, pmml.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS provecho RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

# The static rooms go into shared libraries, ours and others', which must not show their symbols.
set(install_rooms base pmml)
foreach(room IN LISTS install_rooms)
  set_target_properties(provecho_${room} PROPERTIES EXPORT_NAME ${room} POSITION_INDEPENDENT_CODE ON
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_features(provecho_${room} PUBLIC cxx_std_20)
  target_include_directories(provecho_${room} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/provecho>)
endforeach()

set(install_c ${PROJECT_SOURCE_DIR}/src/pmml/c)
set_property(SOURCE ${install_c}/pmml.cc APPEND PROPERTY COMPILE_DEFINITIONS PROVECHO_VERSION="${PROJECT_VERSION}")
add_library(provecho_pmml_c SHARED ${install_c}/pmml.cc)
target_link_libraries(provecho_pmml_c PRIVATE provecho_options $<BUILD_INTERFACE:provecho_pmml>)
target_link_options(provecho_pmml_c PRIVATE "LINKER:--version-script=${install_c}/exported.map")
target_include_directories(provecho_pmml_c PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# The interface's own number, PROVECHO_PMML_API_VERSION of its header.
set_target_properties(provecho_pmml_c PROPERTIES EXPORT_NAME pmml_c OUTPUT_NAME provecho_pmml VERSION 1.0.0 SOVERSION 1
                      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${install_c}/exported.map)

# What the static targets link, found again where they are used.
set(install_find "")
get_target_property(install_libraries provecho_pmml INTERFACE_LINK_LIBRARIES)
foreach(library IN LISTS install_libraries)
  if(library MATCHES "^PkgConfig::(.+)$")
    string(APPEND install_find "pkg_check_modules(${CMAKE_MATCH_1} REQUIRED QUIET IMPORTED_TARGET ${CMAKE_MATCH_1})\n")
  elseif(library MATCHES "^([A-Za-z0-9_]+)::" )
    string(APPEND install_find "find_dependency(${CMAKE_MATCH_1})\n")
  endif()
endforeach()

install(TARGETS provecho_base provecho_pmml provecho_pmml_c EXPORT provecho_targets COMPONENT pmml
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT pmml
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT pmml NAMELINK_COMPONENT pmml)
foreach(header base/check.h base/error.h base/file.h base/number.h base/result.h pmml/describe/describe.h pmml/read/read.h
               pmml/score/live.h pmml/score/scorer.h pmml/write/write.h)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES src/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/provecho/${folder} COMPONENT pmml)
endforeach()
install(DIRECTORY src/pmml/document DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/provecho/pmml COMPONENT pmml
        FILES_MATCHING PATTERN "*.h")
install(FILES src/pmml/c/pmml.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/provecho COMPONENT pmml)

set(install_package ${CMAKE_INSTALL_LIBDIR}/cmake/provecho)
install(EXPORT provecho_targets NAMESPACE provecho:: FILE provecho-targets.cmake DESTINATION ${install_package}
        COMPONENT pmml)
configure_package_config_file(cmake/provecho-config.cmake.in ${PROJECT_BINARY_DIR}/install/provecho-config.cmake
                              INSTALL_DESTINATION ${install_package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/install/provecho-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
configure_file(cmake/provecho_pmml.pc.in ${PROJECT_BINARY_DIR}/install/provecho_pmml.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/install/provecho-config.cmake
              ${PROJECT_BINARY_DIR}/install/provecho-config-version.cmake
        DESTINATION ${install_package} COMPONENT pmml)
install(FILES ${PROJECT_BINARY_DIR}/install/provecho_pmml.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT pmml)
