/** Seeds, named streams, and the JAX- and NumPy-compatible streams that published seeds need. */
export { haikuKeys, jaxKey, jaxSplit, jaxTruncatedNormal, jaxUniform, type JaxKey } from "./rng/jax.ts";
export { numpyLegacy, type NumpyLegacy } from "./rng/numpy-legacy.ts";
export { placeOf, random, stream, type Random, type Stream } from "./rng/stream.ts";
