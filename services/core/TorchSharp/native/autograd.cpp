// Gradients: modes, the engine, and nodes whose backward pass is managed code.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/edge.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/types.h>

namespace {

using torch::autograd::variable_list;

variable_list list_of(void** handles, int32_t count) {
  variable_list list;
  list.reserve(count);
  for (int32_t i = 0; i < count; ++i) {
    list.push_back(handles[i] ? *static_cast<at::Tensor*>(handles[i]) : at::Tensor());
  }
  return list;
}

// Fills `out` with one owned gradient per input; null where there is none. Answers 0, or the number of the exception that it keeps.
using Backward = int64_t (*)(int64_t key, void** grads, int32_t grad_count, void** out, int32_t out_count);
using Release = void (*)(int64_t key);

struct ManagedNode : torch::autograd::Node {
  int64_t key = 0;
  Backward backward = nullptr;
  Release release = nullptr;

  ~ManagedNode() override {
    release(key);
  }

  std::string name() const override {
    return "ManagedNode";
  }

  variable_list apply(variable_list&& grads) override {
    std::vector<void*> in;
    in.reserve(grads.size());
    for (auto& grad : grads) {
      in.push_back(grad.defined() ? shim::own(grad) : nullptr);
    }
    std::vector<void*> out(num_outputs(), nullptr);
    int64_t failure = backward(key, in.data(), static_cast<int32_t>(in.size()), out.data(), static_cast<int32_t>(out.size()));
    variable_list result;
    result.reserve(out.size());
    for (auto* grad : out) {
      std::unique_ptr<at::Tensor> owned(static_cast<at::Tensor*>(grad));
      result.push_back(owned ? *owned : at::Tensor());
    }
    if (failure != 0) {
      throw std::runtime_error("managed failure " + std::to_string(failure));
    }
    return result;
  }
};

}  // namespace

SHIM_EXPORT int32_t shim_grad_enabled() {
  return at::GradMode::is_enabled();
}

SHIM_EXPORT void shim_set_grad_enabled(int32_t value) {
  at::GradMode::set_enabled(value != 0);
}

SHIM_EXPORT int32_t shim_inference_enabled() {
  return c10::InferenceMode::is_enabled();
}

// The mode holds on this thread until shim_inference_leave() takes its answer; modes nest.
SHIM_EXPORT void* shim_inference_enter(int32_t value) {
  return new c10::InferenceMode(value != 0);
}

SHIM_EXPORT void shim_inference_leave(void* mode) {
  delete static_cast<c10::InferenceMode*>(mode);
}

SHIM_EXPORT int32_t shim_backward(void** tensors, int32_t count, void** grads, int32_t retain_graph, int32_t create_graph,
                                  void** inputs, int32_t input_count) {
  return shim::guarded<int32_t>(0, [&] {
    auto seeds = grads ? list_of(grads, count) : variable_list(count);
    torch::autograd::backward(list_of(tensors, count), seeds, retain_graph != 0, create_graph != 0,
                              list_of(inputs, input_count));
    return 1;
  });
}

// Gradients of `outputs` with respect to `inputs`, owned, into `results`; null where an input was not used.
SHIM_EXPORT int32_t shim_grad(void** outputs, int32_t output_count, void** inputs, int32_t input_count, void** grads,
                              int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
  return shim::guarded<int32_t>(0, [&] {
    auto seeds = grads ? list_of(grads, output_count) : variable_list(output_count);
    auto found = torch::autograd::grad(list_of(outputs, output_count), list_of(inputs, input_count), seeds,
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (int32_t i = 0; i < input_count; ++i) {
      results[i] = found[i].defined() ? shim::own(found[i]) : nullptr;
    }
    return 1;
  });
}

// Hangs a managed backward pass between `inputs` and `outputs`; the outputs must have been made without a graph.
SHIM_EXPORT int32_t shim_attach_node(int64_t key, Backward backward, Release release, void** inputs, int32_t input_count,
                                     void** outputs, int32_t output_count) {
  return shim::guarded<int32_t>(0, [&] {
    auto variables = list_of(inputs, input_count);
    auto node = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
    node->key = key;
    node->backward = backward;
    node->release = release;
    node->set_next_edges(torch::autograd::collect_next_edges(variables));
    for (int32_t i = 0; i < output_count; ++i) {
      auto& output = *static_cast<at::Tensor*>(outputs[i]);
      torch::autograd::create_gradient_edge(output, node);
    }
    return 1;
  });
}
