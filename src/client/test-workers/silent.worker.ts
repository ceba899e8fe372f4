// Loads, but never speaks the protocol.
export {};
