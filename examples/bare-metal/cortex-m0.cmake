# SPDX-License-Identifier: Apache-2.0
# Toolchain file for Cortex-M0, run on QEMU's micro:bit.
# cmake --toolchain cortex-m0.cmake -DCMAKE_BUILD_TYPE=MinSizeRel -B BUILD

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m0)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "--specs=nano.specs -mcpu=cortex-m0 -mthumb -mfloat-abi=soft")
string(APPEND CMAKE_C_FLAGS_INIT " -ffunction-sections -fdata-sections")

# The start-up code is compiled at every link: so even CMake's check of the compiler can run.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostartfiles -Wl,--gc-sections -Wl,--no-warn-rwx-segments")
string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -L\"${CMAKE_CURRENT_LIST_DIR}\" -Tmicrobit.ld")
foreach(source IN ITEMS entry_cortex_m start newlib semihosting)
  string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " \"${CMAKE_CURRENT_LIST_DIR}/${source}.c\"")
endforeach()

# What ctest runs programs with.
set(CMAKE_CROSSCOMPILING_EMULATOR
  qemu-system-arm -M microbit -nographic -monitor none -serial none
  -semihosting-config enable=on,target=native -kernel)
