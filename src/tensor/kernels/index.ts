// Every kernel, in float32 and float64 from one generic source: `name_f32` and `name_f64`.
export { heapBase } from "./memory";
export { add_f32, add_f64 } from "./elementwise";
