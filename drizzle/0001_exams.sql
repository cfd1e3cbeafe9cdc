CREATE TABLE `ability` (
	`user_id` text NOT NULL,
	`outline` text NOT NULL,
	`theta` real NOT NULL,
	`answers` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `outline`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `exam_answer` (
	`session_id` text NOT NULL,
	`position` integer NOT NULL,
	`user_id` text NOT NULL,
	`outline` text NOT NULL,
	`item_id` text NOT NULL,
	`version` integer NOT NULL,
	`digest` text NOT NULL,
	`objective` text NOT NULL,
	`section` text NOT NULL,
	`mode` text NOT NULL,
	`correct` integer NOT NULL,
	`credit` real NOT NULL,
	`wrong` text NOT NULL,
	`chosen` text,
	`certainty` text,
	`seconds` real NOT NULL,
	`guess_rate` real NOT NULL,
	`first_exposure` integer NOT NULL,
	`scored` integer NOT NULL,
	`late` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`session_id`, `position`),
	FOREIGN KEY (`session_id`) REFERENCES `exam_session`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `exam_answer_user_item` ON `exam_answer` (`user_id`,`item_id`,`at`);--> statement-breakpoint
CREATE INDEX `exam_answer_user_outline` ON `exam_answer` (`user_id`,`outline`,`at`);--> statement-breakpoint
CREATE INDEX `exam_answer_item` ON `exam_answer` (`item_id`,`version`);--> statement-breakpoint
CREATE TABLE `exam_instance` (
	`session_id` text NOT NULL,
	`position` integer NOT NULL,
	`guess_rate` real NOT NULL,
	`answer_key` text NOT NULL,
	`question` text NOT NULL,
	PRIMARY KEY(`session_id`, `position`),
	FOREIGN KEY (`session_id`) REFERENCES `exam_session`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `exam_session` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`mode` text NOT NULL,
	`outline` text NOT NULL,
	`title` text NOT NULL,
	`feedback` text NOT NULL,
	`certainty` integer NOT NULL,
	`accommodation` text NOT NULL,
	`seed` text NOT NULL,
	`status` text NOT NULL,
	`started_at` integer NOT NULL,
	`deadline_at` integer,
	`finished_at` integer,
	`slots` integer NOT NULL,
	`answered` integer NOT NULL,
	`correct` integer,
	`scored` integer,
	`placement` text,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `exam_session_user` ON `exam_session` (`user_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `exam_session_open` ON `exam_session` (`user_id`,`status`);--> statement-breakpoint
CREATE TABLE `exam_slot` (
	`session_id` text NOT NULL,
	`position` integer NOT NULL,
	`user_id` text NOT NULL,
	`item_id` text NOT NULL,
	`version` integer NOT NULL,
	`digest` text NOT NULL,
	`seed` text NOT NULL,
	`section` text NOT NULL,
	`objective` text NOT NULL,
	`scored` integer NOT NULL,
	`seen_at` integer,
	`flagged` integer DEFAULT false NOT NULL,
	`title` text,
	`attempt_id` text,
	`restored_percent` real,
	PRIMARY KEY(`session_id`, `position`),
	FOREIGN KEY (`session_id`) REFERENCES `exam_session`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `exam_slot_user` ON `exam_slot` (`user_id`,`item_id`);--> statement-breakpoint
CREATE TABLE `exam_step` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `exam_session`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `exam_step_session` ON `exam_step` (`session_id`,`sequence`);--> statement-breakpoint
CREATE UNIQUE INDEX `exam_step_key` ON `exam_step` (`session_id`,`key`);--> statement-breakpoint
CREATE TABLE `item_statistic` (
	`item_id` text NOT NULL,
	`version` integer NOT NULL,
	`b` real NOT NULL,
	`answers` integer NOT NULL,
	`right` integer NOT NULL,
	`choices` text NOT NULL,
	`day` integer NOT NULL,
	`day_start_b` real NOT NULL,
	PRIMARY KEY(`item_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `item_version` (
	`item_id` text NOT NULL,
	`version` integer NOT NULL,
	`digest` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`item_id`, `version`, `digest`)
);
--> statement-breakpoint
CREATE TABLE `objective_card` (
	`user_id` text NOT NULL,
	`objective` text NOT NULL,
	`card` text NOT NULL,
	`due_at` integer NOT NULL,
	`stability` real NOT NULL,
	PRIMARY KEY(`user_id`, `objective`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `objective_card_due` ON `objective_card` (`user_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `review_log` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`objective` text NOT NULL,
	`session_id` text NOT NULL,
	`position` integer NOT NULL,
	`rating` integer NOT NULL,
	`at` integer NOT NULL,
	`before` text,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `review_log_user` ON `review_log` (`user_id`,`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `review_log_answer` ON `review_log` (`session_id`,`position`);--> statement-breakpoint
CREATE TABLE `study_goal` (
	`user_id` text NOT NULL,
	`outline` text NOT NULL,
	`exam_date` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `outline`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
