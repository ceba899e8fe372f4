export function sound(animal: 'cat' | 'dog'): string {
  switch (animal) {
    case 'cat':
      return 'miaow';
  }
  return '';
}
