/** The file in which a seed of the main run is recorded with all its steps, where it is shipped. */
export const wholeFile = (seed: number): string => (seed === 165 ? "modular-addition" : `modular-addition-s${seed}`);
