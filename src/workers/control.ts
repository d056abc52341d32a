/** Memory that all threads of a sweep share: whether to stop, then the step at which each worker is. */
export const newControl = (workers: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * (1 + workers)));

export const stopAsked = (control: Int32Array): boolean => Atomics.load(control, 0) !== 0;
export const askToStop = (control: Int32Array): void => void Atomics.store(control, 0, 1);
/** Steps are below 2^31. */
export const tellStep = (control: Int32Array, place: number, step: number): void =>
  void Atomics.store(control, 1 + place, step);
export const stepOf = (control: Int32Array, place: number): number => Atomics.load(control, 1 + place);
