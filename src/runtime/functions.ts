/**
 * C prototypes of the functions of OpenVINO's C API that decant calls. All exist since 2024.0, except for
 * `ov_tensor_create_from_string_array`. An `int` result is an `ov_status_e`, 0 for success; `_Out_` marks a pointer through
 * which the function returns an object that the caller must free. Structs are passed as `void *`.
 */
export const PROTOTYPES = {
  ov_get_openvino_version: 'int ov_get_openvino_version(void *version)',
  ov_version_free: 'void ov_version_free(void *version)',
  ov_get_last_err_msg: 'void *ov_get_last_err_msg()',
  ov_get_error_info: 'const char *ov_get_error_info(int status)',
  ov_free: 'void ov_free(void *text)',

  ov_core_create: 'int ov_core_create(_Out_ void **core)',
  ov_core_free: 'void ov_core_free(void *core)',
  ov_core_get_available_devices: 'int ov_core_get_available_devices(void *core, void *devices)',
  ov_available_devices_free: 'void ov_available_devices_free(void *devices)',
  ov_core_get_versions_by_device_name:
    'int ov_core_get_versions_by_device_name(void *core, const char *device, void *versions)',
  ov_core_versions_free: 'void ov_core_versions_free(void *versions)',
  ov_core_get_property: 'int ov_core_get_property(void *core, const char *device, const char *key, _Out_ void **value)',
  ov_core_set_property: 'int ov_core_set_property(void *core, const char *device, ...)',
  ov_core_read_model: 'int ov_core_read_model(void *core, const char *path, const char *weights, _Out_ void **model)',
  ov_core_read_model_from_memory_buffer:
    'int ov_core_read_model_from_memory_buffer(void *core, void *xml, size_t length, void *weights, _Out_ void **model)',
  ov_core_compile_model:
    'int ov_core_compile_model(void *core, void *model, const char *device, size_t count, _Out_ void **compiled, ...)',
  ov_core_compile_model_from_file:
    'int ov_core_compile_model_from_file(void *core, const char *path, const char *device, size_t count, _Out_ void **compiled, ...)',

  ov_model_free: 'void ov_model_free(void *model)',
  ov_model_get_friendly_name: 'int ov_model_get_friendly_name(void *model, _Out_ void **name)',
  ov_model_reshape_by_port_indexes:
    'int ov_model_reshape_by_port_indexes(void *model, void *indexes, void *shapes, size_t count)',
  ov_model_inputs_size: 'int ov_model_inputs_size(void *model, void *size)',
  ov_model_const_input_by_index: 'int ov_model_const_input_by_index(void *model, size_t index, _Out_ void **port)',
  ov_model_const_input_by_name: 'int ov_model_const_input_by_name(void *model, const char *name, _Out_ void **port)',
  ov_model_outputs_size: 'int ov_model_outputs_size(void *model, void *size)',
  ov_model_const_output_by_index: 'int ov_model_const_output_by_index(void *model, size_t index, _Out_ void **port)',
  ov_model_const_output_by_name: 'int ov_model_const_output_by_name(void *model, const char *name, _Out_ void **port)',

  ov_port_get_any_name: 'int ov_port_get_any_name(void *port, _Out_ void **name)',
  ov_port_get_partial_shape: 'int ov_port_get_partial_shape(void *port, void *shape)',
  ov_port_get_element_type: 'int ov_port_get_element_type(void *port, void *type)',
  ov_output_const_port_free: 'void ov_output_const_port_free(void *port)',
  ov_partial_shape_free: 'void ov_partial_shape_free(void *shape)',

  ov_compiled_model_free: 'void ov_compiled_model_free(void *compiled)',
  ov_compiled_model_inputs_size: 'int ov_compiled_model_inputs_size(void *compiled, void *size)',
  ov_compiled_model_input_by_index:
    'int ov_compiled_model_input_by_index(void *compiled, size_t index, _Out_ void **port)',
  ov_compiled_model_input_by_name:
    'int ov_compiled_model_input_by_name(void *compiled, const char *name, _Out_ void **port)',
  ov_compiled_model_outputs_size: 'int ov_compiled_model_outputs_size(void *compiled, void *size)',
  ov_compiled_model_output_by_index:
    'int ov_compiled_model_output_by_index(void *compiled, size_t index, _Out_ void **port)',
  ov_compiled_model_output_by_name:
    'int ov_compiled_model_output_by_name(void *compiled, const char *name, _Out_ void **port)',
  ov_compiled_model_get_property:
    'int ov_compiled_model_get_property(void *compiled, const char *key, _Out_ void **value)',
  ov_compiled_model_set_property: 'int ov_compiled_model_set_property(void *compiled, ...)',
  ov_compiled_model_create_infer_request:
    'int ov_compiled_model_create_infer_request(void *compiled, _Out_ void **request)',

  ov_infer_request_free: 'void ov_infer_request_free(void *request)',
  ov_infer_request_set_input_tensor_by_index:
    'int ov_infer_request_set_input_tensor_by_index(void *request, size_t index, void *tensor)',
  ov_infer_request_get_output_tensor_by_index:
    'int ov_infer_request_get_output_tensor_by_index(void *request, size_t index, _Out_ void **tensor)',
  ov_infer_request_infer: 'int ov_infer_request_infer(void *request)',
  ov_infer_request_start_async: 'int ov_infer_request_start_async(void *request)',
  ov_infer_request_wait: 'int ov_infer_request_wait(void *request)',
  ov_infer_request_cancel: 'int ov_infer_request_cancel(void *request)',
  ov_infer_request_get_profiling_info: 'int ov_infer_request_get_profiling_info(void *request, void *list)',
  ov_profiling_info_list_free: 'void ov_profiling_info_list_free(void *list)',

  ov_tensor_create: 'int ov_tensor_create(int type, ov_shape_t shape, _Out_ void **tensor)',
  ov_tensor_create_from_host_ptr:
    'int ov_tensor_create_from_host_ptr(int type, ov_shape_t shape, void *data, _Out_ void **tensor)',
  ov_tensor_create_from_string_array:
    'int ov_tensor_create_from_string_array(const char **strings, size_t count, ov_shape_t shape, _Out_ void **tensor)',
  ov_tensor_get_shape: 'int ov_tensor_get_shape(void *tensor, void *shape)',
  ov_tensor_get_byte_size: 'int ov_tensor_get_byte_size(void *tensor, void *size)',
  ov_tensor_data: 'int ov_tensor_data(void *tensor, _Out_ void **data)',
  ov_tensor_free: 'void ov_tensor_free(void *tensor)',
  ov_shape_free: 'void ov_shape_free(void *shape)',
} as const;

export type FunctionName = keyof typeof PROTOTYPES;
