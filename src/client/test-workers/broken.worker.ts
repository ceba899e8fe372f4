// Fails while its module is evaluated, as a worker does whose WASM cannot be instantiated.
throw new Error('broken at load');
