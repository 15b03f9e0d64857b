// One entry for every ATen operator: the dispatcher's boxed calling convention.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

namespace {

thread_local std::string last_error;

c10::IValue tensors_of(const shim::Value& value) {
  auto** first = static_cast<at::Tensor**>(value.data);
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; ++i) {
    list.push_back(*first[i]);
  }
  return list;
}

c10::IValue optional_tensors_of(const shim::Value& value) {
  auto** first = static_cast<at::Tensor**>(value.data);
  c10::List<c10::optional<at::Tensor>> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; ++i) {
    list.push_back(first[i] ? c10::optional<at::Tensor>(*first[i]) : c10::optional<at::Tensor>());
  }
  return list;
}

template <typename Element>
c10::IValue elements_of(const shim::Value& value) {
  auto* first = static_cast<Element*>(value.data);
  c10::List<Element> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; ++i) {
    list.push_back(first[i]);
  }
  return list;
}

c10::IValue to_ivalue(const shim::Value& value) {
  switch (value.kind) {
    case shim::None: return c10::IValue();
    case shim::Tensor: return *static_cast<at::Tensor*>(value.data);
    case shim::Int: return value.integer;
    case shim::Double: return value.real;
    case shim::Bool: return value.integer != 0;
    case shim::IntList: return elements_of<int64_t>(value);
    case shim::DoubleList: return elements_of<double>(value);
    case shim::TensorList: return tensors_of(value);
    case shim::OptionalTensorList: return optional_tensors_of(value);
    case shim::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.integer));
    case shim::String: return std::string(static_cast<const char*>(value.data), value.count);
    case shim::Generator: return *static_cast<at::Generator*>(value.data);
    default: throw std::runtime_error("An argument has an unknown kind.");
  }
}

shim::Value of_tensors(const std::vector<at::Tensor>& tensors) {
  auto** first = new at::Tensor*[tensors.size()];
  for (size_t i = 0; i < tensors.size(); ++i) {
    first[i] = shim::own(tensors[i]);
  }
  shim::Value value{shim::TensorList, static_cast<int32_t>(tensors.size()), {}};
  value.data = first;
  return value;
}

shim::Value of_ivalue(const c10::IValue& result) {
  shim::Value value{shim::None, 0, {}};
  if (result.isTensor()) {
    value.kind = shim::Tensor;
    value.data = result.toTensor().defined() ? shim::own(result.toTensor()) : nullptr;
  } else if (result.isTensorList()) {
    value = of_tensors(result.toTensorVector());
  } else if (result.isInt()) {
    value.kind = shim::Int;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.kind = shim::Double;
    value.real = result.toDouble();
  } else if (result.isBool()) {
    value.kind = shim::Bool;
    value.integer = result.toBool();
  } else if (!result.isNone()) {
    throw std::runtime_error("A result has a type that cannot cross the boundary: " + result.tagKind());
  }
  return value;
}

}  // namespace

void shim::fail(const char* message) {
  last_error = message;
}

SHIM_EXPORT const char* shim_error() {
  return last_error.c_str();
}

// The operator of that name, or null when this libtorch has none: callers may probe.
SHIM_EXPORT const void* shim_find(const char* name, const char* overload) {
  return shim::guarded<const void*>(nullptr, [&]() -> const void* {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found) {
      shim::fail((std::string("This libtorch has no operator ") + name + "." + overload + ".").c_str());
      return nullptr;
    }
    return new c10::OperatorHandle(*found);
  });
}

// Calls an operator. Missing trailing arguments take the schema's defaults. Answers the number of results, -1 on failure.
SHIM_EXPORT int32_t shim_call(const void* handle, const shim::Value* arguments, int32_t count, shim::Value* results,
                              int32_t capacity) {
  return shim::guarded<int32_t>(-1, [&] {
    const auto& op = *static_cast<const c10::OperatorHandle*>(handle);
    const auto& formal = op.schema().arguments();
    if (static_cast<size_t>(count) > formal.size()) {
      throw std::runtime_error("Too many arguments for " + op.schema().name() + ".");
    }
    torch::jit::Stack stack;
    stack.reserve(formal.size());
    for (int32_t i = 0; i < count; ++i) {
      stack.push_back(to_ivalue(arguments[i]));
    }
    for (size_t i = count; i < formal.size(); ++i) {
      if (!formal[i].default_value()) {
        throw std::runtime_error("Too few arguments for " + op.schema().name() + ": " + formal[i].name() + " is missing.");
      }
      stack.push_back(*formal[i].default_value());
    }
    op.callBoxed(&stack);
    if (stack.size() > static_cast<size_t>(capacity)) {
      throw std::runtime_error("Too many results from " + op.schema().name() + ".");
    }
    for (size_t i = 0; i < stack.size(); ++i) {
      results[i] = of_ivalue(stack[i]);
    }
    return static_cast<int32_t>(stack.size());
  });
}

SHIM_EXPORT void shim_free_list(at::Tensor** first) {
  delete[] first;
}
