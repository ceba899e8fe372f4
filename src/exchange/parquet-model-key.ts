/** The key of the model's `id@version` in the metadata of a Parquet file. */
export const MODEL_KEY = 'photoglot.model';
