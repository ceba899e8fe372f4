/** Queries to try: one language and script each, all of things on the sample photos. */
export interface Example {
  readonly text: string;
  /** BCP 47 tag: fonts and screen readers need it. */
  readonly lang: string;
  readonly language: string;
  readonly meaning: string;
}

export const EXAMPLES: readonly Example[] = [
  { text: 'perro en la playa', lang: 'es', language: 'Spanish', meaning: 'dog on the beach' },
  { text: 'собака', lang: 'ru', language: 'Russian', meaning: 'dog' },
  { text: '犬', lang: 'ja', language: 'Japanese', meaning: 'dog' },
  { text: 'बिल्ली', lang: 'hi', language: 'Hindi', meaning: 'cat' },
  { text: 'قلعة', lang: 'ar', language: 'Arabic', meaning: 'castle' },
  { text: '자전거', lang: 'ko', language: 'Korean', meaning: 'bicycle' },
  { text: 'Berg mit Schnee', lang: 'de', language: 'German', meaning: 'mountain with snow' },
  { text: 'นกฮูก', lang: 'th', language: 'Thai', meaning: 'owl' },
  { text: 'πεταλούδα', lang: 'el', language: 'Greek', meaning: 'butterfly' },
  { text: 'farasi', lang: 'sw', language: 'Swahili', meaning: 'horse' },
];
