/** The page, its worker or the whole browser goes in the middle of a download, and comes again. */
import { checkPartial, HELD_MIDWAY, HELD_STREAMS, startAndHold, untilHeld } from './breaks.mjs';

/** @type {readonly import('./fault-case.d.mts').FaultCase[]} */
export const interruptionCases = [
  {
    name: 'aborted, then asked for again',
    what: 'the caller’s signal fires in the middle',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      const aborted = bench.download();
      await untilHeld(bench);
      await bench.tab.call('abort');
      const first = await aborted;
      bench.check('the first call was not aborted', !first.ok && first.code === 'aborted');
      await checkPartial(bench);
      return bench.download();
    },
  },
  {
    name: 'paused and resumed',
    what: 'in the middle; what is in memory stays',
    setting: HELD_MIDWAY,
    expected: 'verified',
    steps: async (bench) => {
      const ended = bench.download();
      await untilHeld(bench);
      await bench.tab.call('pause');
      await bench.tab.reported({ state: 'paused', loaded: 0 });
      await bench.tab.call('resume');
      return ended;
    },
    mostChunksWasted: HELD_STREAMS,
  },
  {
    name: 'tab closed and opened again',
    what: 'in the middle',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      await startAndHold(bench);
      const closed = bench.tab;
      await bench.openTab();
      await closed.page.close();
      return bench.download();
    },
  },
  {
    name: 'page reloaded',
    what: 'in the middle',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      await startAndHold(bench);
      await bench.tab.open();
      return bench.download();
    },
  },
  {
    name: 'worker killed',
    what: 'the worker that downloads ends without a word in the middle; the page asks again',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      const ended = bench.download();
      await untilHeld(bench);
      const [worker] = bench.tab.page.workers();
      bench.check('there is no worker', worker !== undefined);
      await worker?.evaluate(() => {
        self.close();
      });
      const first = await ended;
      bench.check('nobody noticed', !first.ok && first.code === 'worker-crashed');
      await checkPartial(bench);
      return bench.download();
    },
  },
  {
    name: 'tab crashed',
    what: 'the renderer process crashes in the middle; the page is opened again',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      await startAndHold(bench);
      const { page } = bench.tab;
      const session = await page.context().newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // A page that crashes gives no answer.
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      await bench.openTab();
      await checkPartial(bench);
      return bench.download();
    },
  },
  {
    name: 'browser killed and started again',
    what: 'SIGKILL to the browser’s process in the middle; the same profile',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      await startAndHold(bench);
      await bench.browser.kill();
      await bench.restart();
      await checkPartial(bench);
      return bench.download();
    },
  },
  {
    name: 'offline in the middle',
    what: 'the network goes, and comes back',
    setting: HELD_MIDWAY,
    expected: 'verified',
    mostChunksWasted: HELD_STREAMS,
    steps: async (bench) => {
      const ended = bench.download();
      await untilHeld(bench);
      const { context } = bench.browser;
      await context.setOffline(true);
      // What stalls is asked for again, which fails now.
      const failed = bench.tab.page.waitForEvent(
        'requestfailed',
        (request) => request.failure()?.errorText.includes('DISCONNECTED') === true,
      );
      await bench.tab.call('pause');
      await bench.tab.reported({ state: 'paused', loaded: 0 });
      await bench.tab.call('resume');
      await failed;
      await context.setOffline(false);
      return ended;
    },
  },
  {
    name: 'offline with everything cached',
    what: 'the network is gone when the page asks for the model again',
    expected: 'verified',
    steps: async (bench) => {
      await bench.download();
      const before = bench.scenario.log.length;
      await bench.browser.context.setOffline(true);
      const outcome = await bench.download();
      bench.check('the server was reached', bench.scenario.log.length === before);
      return outcome;
    },
  },
];
