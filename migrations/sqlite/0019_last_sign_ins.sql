-- When an account last signed in, and when its person was told that it will be erased for want of use.
ALTER TABLE credentials ADD COLUMN last_sign_in_at INTEGER;
ALTER TABLE credentials ADD COLUMN warned_at INTEGER;
