export * from './uses-any';
