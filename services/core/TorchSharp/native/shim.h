// The C surface between TorchSharp.dll and libtorch: boxed operator calls, tensors, generators, autograd.
// Every function that can fail returns 0 (or null) and leaves its message in shim_error().
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include <ATen/ATen.h>

#define SHIM_EXPORT extern "C" __attribute__((visibility("default")))

namespace shim {

// What an argument or a result is. The managed side has the same numbers.
enum Kind : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  IntList = 5,
  TensorList = 6,
  OptionalTensorList = 7,
  DoubleList = 8,
  Device = 9,
  String = 10,
  Generator = 11,
};

// One argument or result. `data` points to a tensor, a generator, or the first of `count` elements.
struct Value {
  int32_t kind;
  int32_t count;
  union {
    int64_t integer;
    double real;
    void* data;
  };
};

void fail(const char* message);

// Runs a body and turns an exception into a stored message and the given answer.
template <typename Answer, typename Body>
Answer guarded(Answer failed, Body body) {
  try {
    return body();
  } catch (const c10::Error& error) {
    fail(error.what_without_backtrace());
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("libtorch threw an exception of an unknown type.");
  }
  return failed;
}

inline at::Tensor* own(at::Tensor tensor) {
  return new at::Tensor(std::move(tensor));
}

}  // namespace shim
