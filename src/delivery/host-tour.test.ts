import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { HostTour } from './host-tour';
import { Hosts } from './hosts';

const URLS = ['https://a.example/f', 'https://b.example/f', 'https://c.example/f'] as const;
const [A, B, C] = URLS;

function down(url: string): PhotoglotError {
  return new PhotoglotError('network', `${url} is down.`);
}

/** The error of a tour that ends. */
function end(tour: HostTour, error: PhotoglotError): unknown {
  try {
    tour.giveUp(error);
  } catch (thrown) {
    return thrown;
  }
  return null;
}

describe('a tour', () => {
  test('tries each host once, and ends with the first one’s error', () => {
    const tour = new HostTour(URLS, new Hosts());
    const seen = [tour.url];
    tour.giveUp(down(A));
    seen.push(tour.url);
    tour.giveUp(down(B));
    seen.push(tour.url);
    expect(seen).toEqual(URLS);
    expect(end(tour, down(C))).toMatchObject({
      code: 'network',
      message: `${A} is down. Other hosts: ${B} is down. ${C} is down.`,
    });
  });

  test('tries them again after a success', () => {
    const tour = new HostTour(URLS, new Hosts());
    tour.giveUp(down(A));
    tour.giveUp(down(B));
    tour.succeeded();
    tour.giveUp(down(C));
    expect(tour.url).toBe(A);
  });

  test('is about integrity, if any host is', () => {
    const tour = new HostTour([A, B], new Hosts());
    tour.giveUp(down(A));
    expect(end(tour, new PhotoglotError('integrity', 'A page.'))).toMatchObject({
      code: 'integrity',
    });
  });

  test('turns without blame', () => {
    const tour = new HostTour([A, B], new Hosts());
    tour.turn();
    expect(tour.url).toBe(B);
    tour.turn();
    expect(tour.url).toBe(A);
    const alone = new HostTour([A], new Hosts());
    alone.turn();
    expect(alone.url).toBe(A);
  });

  test('begins where it is told to, if that is one of its addresses', () => {
    expect(new HostTour(URLS, new Hosts(), B).url).toBe(B);
    expect(new HostTour(URLS, new Hosts(), 'https://d.example/f').url).toBe(A);
  });
});

describe('the files of a model', () => {
  test('begin at the host that worked last', () => {
    const hosts = new Hosts();
    const tour = new HostTour(URLS, hosts);
    tour.giveUp(down(A));
    // It was given up: nobody needs to find out again.
    expect(new HostTour(URLS, hosts).url).toBe(B);
    tour.giveUp(down(B));
    tour.succeeded();
    expect(new HostTour(URLS, hosts).url).toBe(C);
  });

  test('may have fewer hosts than others', () => {
    const hosts = new Hosts();
    hosts.worked(2);
    expect(new HostTour([A, B], hosts).url).toBe(A);
  });
});
