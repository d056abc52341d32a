/** The sources are plain TypeScript of the current standard: nothing to preprocess. */
export default { compilerOptions: { runes: true } };
