import { z } from 'zod';

const PASSWORD_CHARACTERS_MIN = 10;
const PASSWORD_CHARACTERS_MAX = 200;

const email = z
	.string({ error: 'Please enter your e-mail address.' })
	.trim()
	.toLowerCase()
	.max(254, 'This e-mail address is too long.')
	.pipe(z.email('This is not an e-mail address.'));

/** The fields of the sign-in form. Says nothing about the rules of passwords: old ones may differ. */
export const signInSchema = z.object({
	email,
	password: z
		.string({ error: 'Please enter your password.' })
		.min(1, 'Please enter your password.')
		.max(PASSWORD_CHARACTERS_MAX, 'This password is too long.'),
});

/** The fields of the registration form. */
export const registerSchema = z.object({
	email,
	password: z
		.string({ error: 'Please choose a password.' })
		.min(
			PASSWORD_CHARACTERS_MIN,
			`Please use at least ${PASSWORD_CHARACTERS_MIN} characters. A few unrelated words are easy to remember and hard to guess.`,
		)
		.max(PASSWORD_CHARACTERS_MAX, `Please use at most ${PASSWORD_CHARACTERS_MAX} characters.`),
	displayName: z
		.string({ error: 'Please enter a name.' })
		.trim()
		.min(1, 'Please enter a name.')
		.max(80, 'Please use at most 80 characters.'),
});
