import { ACTIONS } from './actions.ts';
import type { Action, ActionId } from './actions.ts';
import { STATES } from './states.ts';
import type { EventId, State } from './states.ts';

type Row = readonly [
	Sta1: ActionId | null,
	Sta2: ActionId | null,
	Sta3: ActionId | null,
	Sta4: ActionId | null,
	Sta5: ActionId | null,
	Sta6: ActionId | null,
	Sta7: ActionId | null,
	Sta8: ActionId | null,
	Sta9: ActionId | null,
	Sta10: ActionId | null,
	Sta11: ActionId | null,
	Sta12: ActionId | null,
	Sta13: ActionId | null,
];

/**
 * Marks a cell the standard leaves empty: the event cannot occur, or is a local error, in that
 * state.
 */
const ____ = null;

/**
 * PS3.8 table 9-10: a row per event, a column per state. `upper-layer.ts` interprets it, with the
 * actions of `actions.ts`, and holds no transition of its own.
 */
// prettier-ignore
const TRANSITIONS: Record<EventId, Row> = {
	//       Sta1    Sta2    Sta3    Sta4    Sta5    Sta6    Sta7    Sta8    Sta9    Sta10    Sta11   Sta12   Sta13
	Evt1:  ['AE-1', ____,   ____,   ____,   ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt2:  [____,   ____,   ____,   'AE-2', ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt3:  [____,   'AA-1', 'AA-8', ____,   'AE-3', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-6'],
	Evt4:  [____,   'AA-1', 'AA-8', ____,   'AE-4', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-6'],
	Evt5:  ['AE-5', ____,   ____,   ____,   ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt6:  [____,   'AE-6', 'AA-8', ____,   'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-7'],
	Evt7:  [____,   ____,   'AE-7', ____,   ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt8:  [____,   ____,   'AE-8', ____,   ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt9:  [____,   ____,   ____,   ____,   ____,   'DT-1', ____,   'AR-7', ____,   ____,    ____,   ____,   ____  ],
	Evt10: [____,   'AA-1', 'AA-8', ____,   'AA-8', 'DT-2', 'AR-6', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-6'],
	Evt11: [____,   ____,   ____,   ____,   ____,   'AR-1', ____,   ____,   ____,   ____,    ____,   ____,   ____  ],
	Evt12: [____,   'AA-1', 'AA-8', ____,   'AA-8', 'AR-2', 'AR-8', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-6'],
	Evt13: [____,   'AA-1', 'AA-8', ____,   'AA-8', 'AA-8', 'AR-3', 'AA-8', 'AA-8', 'AR-10', 'AR-3', 'AA-8', 'AA-6'],
	Evt14: [____,   ____,   ____,   ____,   ____,   ____,   ____,   'AR-4', 'AR-9', ____,    ____,   'AR-4', ____  ],
	Evt15: [____,   ____,   'AA-1', 'AA-2', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1',  'AA-1', 'AA-1', ____  ],
	Evt16: [____,   'AA-2', 'AA-3', ____,   'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3',  'AA-3', 'AA-3', 'AA-2'],
	Evt17: [____,   'AA-5', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4',  'AA-4', 'AA-4', 'AR-5'],
	Evt18: [____,   'AA-2', ____,   ____,   ____,   ____,   ____,   ____,   ____,   ____,    ____,   ____,   'AA-2'],
	Evt19: [____,   'AA-1', 'AA-8', ____,   'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8',  'AA-8', 'AA-8', 'AA-7'],
};

type ActionByState = Partial<Record<State, Action>>;

/** The same table by names: it is asked for every PDU. */
const ACTION_BY_STATE = Object.fromEntries(
	Object.entries(TRANSITIONS).map(([event, row]) => [event, actionByState(row)]),
) as Record<EventId, ActionByState>;

function actionByState(row: Row): ActionByState {
	const actions: ActionByState = {};
	for (const [i, state] of (Object.keys(STATES) as State[]).entries()) {
		const id = row[i];
		if (id) actions[state] = ACTIONS[id];
	}
	return actions;
}

/** The action for an event in a state, or undefined where table 9-10 is empty. */
export function lookUpAction(event: EventId, state: State): Action | undefined {
	return ACTION_BY_STATE[event][state];
}
