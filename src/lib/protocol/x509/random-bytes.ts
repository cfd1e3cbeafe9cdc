/** Bytes of chance; in a simulated world from a named stream of the kernel. */
export type RandomBytes = (count: number) => Uint8Array;
