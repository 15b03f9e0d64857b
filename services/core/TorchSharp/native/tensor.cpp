// Tensors and generators as opaque pointers: what no ATen operator offers.
#include "shim.h"

#include <cstring>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/types.h>

namespace {

at::Tensor& tensor_of(void* handle) {
  return *static_cast<at::Tensor*>(handle);
}

c10::Device device_of(int32_t type, int32_t index) {
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

}  // namespace

SHIM_EXPORT void shim_tensor_delete(void* tensor) {
  delete static_cast<at::Tensor*>(tensor);
}

// A second owner of the same tensor: same storage, same place in the graph.
SHIM_EXPORT void* shim_tensor_share(void* tensor) {
  return shim::own(tensor_of(tensor));
}

// Copies `byte_count` bytes into a new contiguous CPU tensor.
SHIM_EXPORT void* shim_tensor_from(const void* bytes, int64_t byte_count, const int64_t* shape, int32_t dims, int32_t type) {
  return shim::guarded<void*>(nullptr, [&]() -> void* {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(type));
    auto tensor = at::empty(at::IntArrayRef(shape, dims), options);
    if (static_cast<int64_t>(tensor.nbytes()) != byte_count) {
      throw std::runtime_error("The data has another size than the shape says.");
    }
    std::memcpy(tensor.data_ptr(), bytes, byte_count);
    return shim::own(tensor);
  });
}

// Dimensions, element type, device type and index, one after the other; answers the number of dimensions.
SHIM_EXPORT int32_t shim_tensor_info(void* tensor, int32_t* type, int32_t* device_type, int32_t* device_index) {
  auto& t = tensor_of(tensor);
  *type = static_cast<int32_t>(t.scalar_type());
  *device_type = static_cast<int32_t>(t.device().type());
  *device_index = t.device().index();
  return static_cast<int32_t>(t.dim());
}

SHIM_EXPORT void shim_tensor_sizes(void* tensor, int64_t* sizes) {
  auto source = tensor_of(tensor).sizes();
  std::copy(source.begin(), source.end(), sizes);
}

SHIM_EXPORT void shim_tensor_strides(void* tensor, int64_t* strides) {
  auto source = tensor_of(tensor).strides();
  std::copy(source.begin(), source.end(), strides);
}

SHIM_EXPORT int32_t shim_tensor_is_contiguous(void* tensor) {
  return tensor_of(tensor).is_contiguous();
}

SHIM_EXPORT void* shim_tensor_data(void* tensor) {
  return shim::guarded<void*>(nullptr, [&] { return tensor_of(tensor).data_ptr(); });
}

SHIM_EXPORT int32_t shim_tensor_requires_grad(void* tensor) {
  return tensor_of(tensor).requires_grad();
}

SHIM_EXPORT int32_t shim_tensor_set_requires_grad(void* tensor, int32_t value) {
  return shim::guarded<int32_t>(0, [&] {
    tensor_of(tensor).requires_grad_(value != 0);
    return 1;
  });
}

SHIM_EXPORT int32_t shim_tensor_is_leaf(void* tensor) {
  return tensor_of(tensor).is_leaf();
}

SHIM_EXPORT int32_t shim_tensor_retain_grad(void* tensor) {
  return shim::guarded<int32_t>(0, [&] {
    tensor_of(tensor).retain_grad();
    return 1;
  });
}

// The gradient, or null when there is none.
SHIM_EXPORT void* shim_tensor_grad(void* tensor) {
  const auto& grad = tensor_of(tensor).grad();
  return grad.defined() ? shim::own(grad) : nullptr;
}

SHIM_EXPORT int32_t shim_tensor_set_grad(void* tensor, void* grad) {
  return shim::guarded<int32_t>(0, [&] {
    tensor_of(tensor).mutable_grad() = grad ? tensor_of(grad) : at::Tensor();
    return 1;
  });
}

// Makes `tensor` another name for the storage of `source`, keeping its identity for optimizers.
SHIM_EXPORT int32_t shim_tensor_set_data(void* tensor, void* source) {
  return shim::guarded<int32_t>(0, [&] {
    tensor_of(tensor).set_data(tensor_of(source));
    return 1;
  });
}

SHIM_EXPORT void* shim_generator_new(int32_t device_type, int32_t device_index, uint64_t seed) {
  return shim::guarded<void*>(nullptr, [&]() -> void* {
    auto generator = at::globalContext().defaultGenerator(device_of(device_type, device_index)).clone();
    generator.set_current_seed(seed);
    return new at::Generator(std::move(generator));
  });
}

// The device's own generator, which every call without a generator draws from.
SHIM_EXPORT void* shim_generator_default(int32_t device_type, int32_t device_index) {
  return shim::guarded<void*>(nullptr, [&]() -> void* {
    return new at::Generator(at::globalContext().defaultGenerator(device_of(device_type, device_index)));
  });
}

SHIM_EXPORT void shim_generator_delete(void* generator) {
  delete static_cast<at::Generator*>(generator);
}

SHIM_EXPORT void shim_generator_seed(void* generator, uint64_t seed) {
  static_cast<at::Generator*>(generator)->set_current_seed(seed);
}

SHIM_EXPORT uint64_t shim_generator_initial_seed(void* generator) {
  return static_cast<at::Generator*>(generator)->current_seed();
}

SHIM_EXPORT void* shim_generator_state(void* generator) {
  return shim::guarded<void*>(nullptr, [&]() -> void* {
    return shim::own(static_cast<at::Generator*>(generator)->get_state());
  });
}

SHIM_EXPORT int32_t shim_generator_set_state(void* generator, void* state) {
  return shim::guarded<int32_t>(0, [&] {
    static_cast<at::Generator*>(generator)->set_state(tensor_of(state));
    return 1;
  });
}

SHIM_EXPORT int32_t shim_threads() {
  return at::get_num_threads();
}

SHIM_EXPORT int32_t shim_set_threads(int32_t count) {
  return shim::guarded<int32_t>(0, [&] {
    at::set_num_threads(count);
    return 1;
  });
}

SHIM_EXPORT int32_t shim_cuda_device_count() {
  return torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0;
}

SHIM_EXPORT int32_t shim_cuda_synchronize(int32_t index) {
  return shim::guarded<int32_t>(0, [&] {
    torch::cuda::synchronize(index);
    return 1;
  });
}
