/** First byte past the constants of the compiled kernels: everything from here on belongs to tensors. */
export function heapBase(): usize {
  return __heap_base;
}
